r"""Which environments and commands of LaTeX shape a document, as tables."""

from __future__ import annotations

#: Environments that begin a problem, and those that name a part of one; also by the title in \newtheorem.
PROBLEMS = frozenset("problem exercise question task prob exer ex homeworkProblem aufgabe uebung homework".split())
PARTS = {name: name for name in ("theorem lemma proposition corollary claim fact definition remark example "
                                 "assumption proof solution answer hint note conjecture").split()}
PARTS |= {"thm": "theorem", "lem": "lemma", "prop": "proposition", "cor": "corollary", "defn": "definition",
          "soln": "solution", "sol": "solution", "solutionorbox": "solution", "ans": "answer", "pf": "proof",
          "beweis": "proof", "satz": "theorem", "loesung": "solution", "homeworkSolution": "solution", "rem": "remark"}
LISTS = {"enumerate": "ordered", "itemize": "bullets", "description": "bullets", "parts": "ordered",
         "subparts": "ordered", "compactenum": "ordered", "compactitem": "bullets", "inparaenum": "ordered",
         "questions": "questions", "tasks": "ordered"}
LEVELS = {"part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6,
          "subparagraph": 7}
PROBLEM_LEVEL = 8
#: Environments that hold no sentences of the derivation.
SKIPPED = frozenset(
    "verbatim verbatim* Verbatim lstlisting minted comment tikzpicture tikzcd pgfpicture figure figure* table table* "
    "tabular tabular* tabularx longtable algorithm algorithm* algorithmic thebibliography filecontents filecontents* "
    "titlepage".split())
#: ... and those whose argument is a length or a colour.
MEASURED = frozenset("minipage multicols adjustbox subfigure tcolorbox mdframed spacing parbox".split())
#: Commands whose arguments are no words of the text: how many.
DROPPED = {"usepackage": 1, "documentclass": 1, "includegraphics": 1, "vspace": 1, "hspace": 1, "bibliography": 1,
            "bibliographystyle": 1, "pagestyle": 1, "thispagestyle": 1, "setlength": 2, "addtolength": 2,
            "setcounter": 2, "addtocounter": 2, "geometry": 1, "hypersetup": 1, "cite": 1, "citep": 1, "citet": 1,
            "href": 1, "color": 1, "textcolor": 1, "fontsize": 2, "date": 1, "author": 1, "email": 1, "thanks": 1,
            "graphicspath": 1, "newcounter": 1, "theoremstyle": 1, "lstset": 1, "definecolor": 3, "caption": 1,
            "numberwithin": 2, "allowdisplaybreaks": 0, "lhead": 1, "rhead": 1, "chead": 1, "lfoot": 1, "rfoot": 1,
            "cfoot": 1, "fancyhf": 1, "fancyhead": 1, "fancyfoot": 1, "addbibresource": 1, "usetikzlibrary": 1,
            "captionsetup": 1, "newlength": 1, "onehalfspacing": 0, "linespread": 1, "pagenumbering": 1, "institute": 1,
            "affil": 1, "index": 1, "markboth": 2, "titleformat": 4, "setlist": 1, "crefname": 3, "hyphenation": 1,
            "rule": 2, "addcontentsline": 3, "phantomsection": 0, "RequirePackage": 1, "ProvidesPackage": 1}
KEPT = frozenset(("ref", "eqref", "cref", "Cref", "autoref"))
#: Environments of formulas that are not read outside a display.
UNREAD = frozenset("numcases subnumcases empheq cases dcases rcases drcases pmatrix bmatrix vmatrix Vmatrix Bmatrix "
                   "matrix smallmatrix darray prooftree".split())
