r"""Commands of physics, mathtools, amsmath and xcolor that stand for other LaTeX, as one table.

A row: the command with the brackets it takes, and what it stands for.  Of several rows for a command
the first counts whose brackets follow it; braces of the last row may be left out for a single token.
A document's own definition of the name comes first.

Sources: the manuals of physics 1.3 (sections 2.1 to 2.5), mathtools 2022 (sections 3 and 4), amsmath 2.1.
Left out: what has no meaning for a checker (bra-ket notation, functional derivatives), and what the
grammar knows itself (``\dfrac``, ``\overset``, ``\underbrace``, ``\operatorname``, ``\left``).
"""

from __future__ import annotations

import re

from ..latex.source import Token
from ..latex.tokens import tokenize

_TABLE = r"""
\dv[]{}{}       \frac{\mathrm{d}^{#1} #2}{\mathrm{d} #3^{#1}}
\dv[]{}         \frac{\mathrm{d}^{#1}}{\mathrm{d} #2^{#1}}
\dv{}{}         \frac{\mathrm{d} #1}{\mathrm{d} #2}
\dv{}           \frac{\mathrm{d}}{\mathrm{d} #1}
\pdv[]{}{}      \frac{\partial^{#1} #2}{\partial #3^{#1}}
\pdv[]{}        \frac{\partial^{#1}}{\partial #2^{#1}}
\pdv{}{}{}      \frac{\partial^{2} #1}{\partial #2 \, \partial #3}
\pdv{}{}        \frac{\partial #1}{\partial #2}
\pdv{}          \frac{\partial}{\partial #1}
\dd[]{}         \mathrm{d}^{#1} #2
\dd()           \mathrm{d}\left(#1\right)
\dd{}           \mathrm{d} #1
\qty()          \left(#1\right)
\qty[]          \left[#1\right]
\qty||          \left|#1\right|
\qty{}          \left\{#1\right\}
\pqty{}         \left(#1\right)
\bqty{}         \left[#1\right]
\Bqty{}         \left\{#1\right\}
\vqty{}         \left|#1\right|
\abs*{}         \left\lvert #1 \right\rvert
\abs[]{}        \left\lvert #2 \right\rvert
\abs{}          \left\lvert #1 \right\rvert
\norm*{}        \left\lVert #1 \right\rVert
\norm[]{}       \left\lVert #2 \right\rVert
\norm{}         \left\lVert #1 \right\rVert
\eval{}         \left. #1 \right|
\ev*{}          \left\langle #1 \right\rangle
\ev{}           \left\langle #1 \right\rangle
\expval*{}      \left\langle #1 \right\rangle
\expval{}       \left\langle #1 \right\rangle
\order{}        \mathcal{O}\left(#1\right)
\order()        \mathcal{O}\left(#1\right)
\set{}          \left\{ #1 \right\}
\Set{}          \left\{ #1 \right\}
\vb*{}          \boldsymbol{#1}
\vb{}           \mathbf{#1}
\vectorbold{}   \mathbf{#1}
\vu*{}          \hat{\boldsymbol{#1}}
\vu{}           \hat{\mathbf{#1}}
\va*{}          \vec{\boldsymbol{#1}}
\va{}           \vec{\mathbf{#1}}
\vdot           \cdot
\cross          \times
\grad           \nabla
\gradient       \nabla
\laplacian      \nabla^{2}
\tr             \operatorname{tr}
\Tr             \operatorname{Tr}
\rank           \operatorname{rank}
\erf            \operatorname{erf}
\mqty()         \begin{pmatrix} #1 \end{pmatrix}
\mqty[]         \begin{bmatrix} #1 \end{bmatrix}
\mqty||         \begin{vmatrix} #1 \end{vmatrix}
\mqty{}         \begin{matrix} #1 \end{matrix}
\pmqty{}        \begin{pmatrix} #1 \end{pmatrix}
\bmqty{}        \begin{bmatrix} #1 \end{bmatrix}
\vmqty{}        \begin{vmatrix} #1 \end{vmatrix}
\smqty()        \begin{pmatrix} #1 \end{pmatrix}
\smqty{}        \begin{matrix} #1 \end{matrix}
\qif            \quad \text{ if } \quad
\qand           \quad \text{ and } \quad
\qor            \quad \text{ or } \quad
\qfor           \quad \text{ for } \quad
\qwith          \quad \text{ with } \quad
\qwhere         \quad \text{ where } \quad
\qsince         \quad \text{ since } \quad
\qgiven         \quad \text{ given } \quad
\qthen          \quad \text{ then } \quad
\qlet           \quad \text{ let } \quad
\qall           \quad \text{ for all } \quad

\coloneqq       :=
\coloneq        :=
\colonequals    :=
\eqqcolon       =:
\vcentcolon     :
\MoveEqLeft[]
\MoveEqLeft
\mathclap{}     #1
\mathrlap{}     #1
\mathllap{}     #1
\smashoperator[]{}  #2
\smashoperator{}    #1
\adjustlimits
\cramped{}      #1
\splitfrac{}{}  {#1 #2}

\boxed{}        #1
\fbox{}         #1
\bm{}           \boldsymbol{#1}
\mathbin{}      #1
\mathrel{}      #1
\mathord{}      #1
\mathopen{}     #1
\mathclose{}    #1
\mathpunct{}    #1
\mathinner{}    #1
\ensuremath{}   #1
\smash[]{}      #2
\smash{}        #1
\phantom{}
\hphantom{}
\vphantom{}
\mathstrut
\strut
\xspace
\displaystyle
\textstyle
\scriptstyle
\scriptscriptstyle
\limits
\nolimits
\displaylimits
\nobreak
\allowbreak
\allowdisplaybreaks[]
\allowdisplaybreaks
\displaybreak[]
\displaybreak
\noindent
\centering
\hfill
\hfil
\qed
\qedhere
\hspace{}
\vspace{}
\smallskip
\medskip
\bigskip
\tiny
\scriptsize
\footnotesize
\small
\normalsize
\large
\Large
\color{}
\textcolor{}{}  #2
\colorbox{}{}   #2
\raisebox{}{}   #2
"""

#: Boxes, which group what is in them: ``2\boxed{a + b}^2``.
BOXES = frozenset((r"\boxed", r"\fbox", r"\colorbox", r"\raisebox", r"\mathord", r"\mathinner"))
#: What changes only the looks, and does not group: ``2\textcolor{red}{x + 1}`` is seen as 2x + 1.
LOOKS = BOXES | frozenset((r"\textcolor", r"\mathclap", r"\mathrlap", r"\mathllap", r"\cramped", r"\ensuremath",
                           r"\smash"))

Row = tuple[str, tuple[Token, ...]]


def _rows() -> dict[str, tuple[Row, ...]]:
    out: dict[str, tuple[Row, ...]] = {}
    for line in _TABLE.strip().splitlines():
        m = re.fullmatch(r"(\\[A-Za-z]+)(\S*)(?:\s+(.*))?", line)
        if m is not None:
            shape = m[2].translate(str.maketrans("", "", "})]")).replace("||", "|")
            out[m[1]] = (*out.get(m[1], ()), (shape, tokenize(m[3] or "", parameters=True)))
    return out


PACKAGES = _rows()
