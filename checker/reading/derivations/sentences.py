r"""What the sentences around the formulas do, by a small vocabulary.

    words                                      the formula of the sentence is
    let, suppose, assume, given, where         taken as given
    note that, clearly, recall, it is known    decided like a row, where it is true or false whatever was assumed
    we know, by assumption                     the same; a condition on its names is taken as given
    show, prove; solve, find                   asked
    so, hence, therefore, we get               concluded

A sentence may also say of its names what no formula says ("Let $v$ be an eigenvector of $A$").  It is not guessed at:
:func:`not_understood` finds the names, and a line with one of them is right if it is proved all the same, and
otherwise waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping

from ..documents.pages import Inline, Prose
from ..latex.source import Place
from ..latex.tree import Tree
from .scope import Scope, names
from .setting import free

#: Openers of a sentence whose formula is claimed, to be true by itself.
CLAIM = (r"(note|notice|observe|recall|remember|remark)( here| now| first| also)?( that)?|clearly|obviously|trivially"
         r"|evidently|of course|plainly|it is (a )?(well[- ]?)?(known|clear|obvious|easy to (see|check|verify|show)"
         r"|a (standard|known|classical) (fact|result|identity))( fact)?( that)?"
         r"|as is well[- ]known|one (easily )?(sees|checks|verifies)( that)?|we (note|observe|recall|notice)( that)?")
#: The same, of what may be a condition of the problem.
KNOWN = r"(we|you) (also )?know( also)?( that)?|by (the )?(assumption|hypothesis)|as we know"

#: Words after which a name is said to be something.
_SAYS = re.compile(r"\b(let|suppose|suppos\w+|assum\w+|given|since|because|where|with|when|if|consider|wlog|w\.l\.o\.g"
                   r"|loss of generality|is|are|be|has|have|having|satisf\w+|lies?|lying|denotes?|sums?|being)\b", re.I)
#: ... unless the words speak of what is done or asked.
_DOES = re.compile(r"\b(show|prove|verify|compute|calculate|find|solve|derive|want|determine|differentiat\w+|respect"
                   r"|derivative|gradient|minimi[sz]\w*|maximi[sz]\w*|so|hence|thus|therefore|get|gets|obtain|obtains"
                   r"|conclude|follows|implies|gives|yields|case|contradiction|expand\w*|simplif\w+|substitut\w+|plug\w*"
                   r"|setting|put|set|wrong|holds?|true|equations?|inequality|answer|solutions?|induct\w+|step|claim"
                   r"|identity|formula|sides?|done|proof|base)\b", re.I)
_LEADS = re.compile(r"^(?!.*\b(let|suppose|assume)\b).*\b(is|are|equals?)[\s~:]*$", re.I | re.S)
#: Words that add nothing to what is declared.
_PLAIN = frozenset("""
    a an the any some all each every both two three four several one of in on and or to for from by at as i that this
    these those it its their there here let suppose supposing assume assuming assumed given we be is are being was were
    where with when which who denote denotes denoted call called write written now then also again throughout below
    above following consider having has have such so if since because only just
    constant constants scalar scalars parameter parameters variable variables vector vectors matrix matrices function
    functions sequence sequences index indices value values point points number numbers quantity quantities letter
    arbitrary fixed unknown generic general declared size sizes dimension dimensions dimensional real square
    column columns row rows
    random density densities distribution distributions differentiable twice once
    reward rewards return returns state states action actions policy loss losses cost costs score scores logit logits
    token tokens observation observations prediction predictions response responses coordinate coordinates
    joint marginal conditional posterior prior likelihood entry entries
    design target response training test observed true given corresponding respective
    data input inputs output outputs label labels target targets feature features weight weights learning rate step
    model family real-valued""".split())
_KINDS = frozenset("""
    positive negative non-negative nonnegative nonzero non-zero real reals integer integers natural naturals rational
    rationals complex strictly whole even odd""".split())
_SPELLINGS = {"skew": ("skew-symmetric", "antisymmetric"), "invertible": ("non-singular", "nonsingular"),
              "nonzero": ("non-zero",), "semidefinite": ("semi-definite", "positive-semidefinite"),
              "definite": ("positive-definite",), "nonnegative": ("non-negative",)}
#: Beside a mean or variance that was read.
_MOMENTS = frozenset("""
    mean expectation expected variance common same finite known unknown population identically distributed independently
    sample samples draws observations i.i.d iid independent""".split())
#: Of a variable whose law a formula names, too: "let $X$ be exponential with rate $\\lambda$, i.e. $X \\sim ...$".
_LAWS = frozenset("""
    uniform uniformly bernoulli binomial poisson gaussian normal normally exponential exponentially geometric gamma beta
    laplace standard distributed law rate mean variance success probability interval""".split())
#: "with rate $\lambda$": words that a letter stands for, without more said of it.
_NAMES = re.compile(r"\b(with|of|and|by)( an?| the)?( [a-z-]+)? (rates?|parameters?|probability|weights?|dimensions?"
                    r"|sizes?|length|coefficients?|degrees?|constants?|variables?|temperature|step sizes?|outputs?"
                    r"|inputs?)[\s~]*$", re.I)
_WORD = re.compile(r"[A-Za-z][A-Za-z.'-]*")


def not_understood(prose: Prose, become: Container[Place], described: Mapping[Place, frozenset[str]],
                   measured: Container[Place] = frozenset(), has_law: Callable[[Inline], bool] = lambda _: False
                   ) -> Iterator[Inline]:
    """The formulas that name or declare something which words restrict in a way that was not read: ``A``, and
    ``A \\in \\R^{n \\times n}``.

    ``become``: those that words declared ("a positive integer"); ``described``: the words that were read of some;
    ``measured``: those of which a mean or variance was; ``has_law``: those whose law a formula names.  A clause that
    ends with "is" leads to a display: "The distance from $u$ to the line through $v$ is".
    """
    for clause in _clauses(prose):
        words = " ".join(p if isinstance(p, str) else "X" for p in clause)
        objects = [f for k, f in enumerate(clause) if isinstance(f, Inline) and not related(f)
                   and {r"\times", r"\in"} & {t.text for t in f.tokens} != {r"\times"}
                   and not (k and isinstance(before := clause[k - 1], str) and _NAMES.search(before))]
        if not objects or not _SAYS.search(words) or _DOES.search(words) or _LEADS.search(words):
            continue
        left = {w.lower().strip(".'-") for w in _WORD.findall(words.replace("X", " "))} - _PLAIN - {""}
        if any(f.place in become for f in objects):
            left -= _KINDS
        for word in (w for f in objects for said in described.get(f.place, ()) for w in said.split()):
            left -= {word, *_SPELLINGS.get(word, ())}
        if any(f.place in measured for f in objects):
            left -= _MOMENTS
        if any(map(has_law, objects)):
            left -= _LAWS
        if left:
            yield from objects


def _clauses(prose: Prose) -> Iterator[list[str | Inline]]:
    """The sentences, cut at commas that words stand beside: ``$x$, $y$ and $z$ are`` stays together."""
    now: list[str | Inline] = []
    for piece in prose.pieces:
        if not isinstance(piece, str):
            now += [piece] if isinstance(piece, Inline) else []
            continue
        parts = re.split(r"[.?!](?=\s|$)|\n\s*\n" + (r"|[,;:(){}]|(?=\bwhere\b)" if _WORD.search(piece) else ""),
                         piece)
        now.append(parts[0])
        for part in parts[1:]:
            yield now
            now = [part]
    yield now


def related(f: Inline) -> bool:
    """Does the formula say something by itself?  ``A \\in \\R^{n \\times n}`` and ``f: \\R \\to \\R`` only say of what
    kind their names are."""
    kind = any(t.text in (r"\in", ":", r"\colon") for t in f.tokens)
    return any(t.text in _RELATIONS or t.text.startswith((r"\le", r"\ge", r"\ne")) and t.text != r"\left"
               for t in f.tokens if not (kind and t.text == r"\to"))


_RELATIONS = frozenset(("=", "<", ">", r"\sim", r"\to", r"\equiv", r"\propto", r"\perp", r"\succeq",
                        r"\succ", r"\lt", r"\gt", r"\subset"))
_CHANCE = frozenset(("density", "expectation", "information", "distributed"))


def stands_by_itself(t: Tree, scope: Scope, sure: bool) -> bool:
    """Is this true or false whatever was assumed, no condition on its names?  ``sure``: the words claim it.

    An equation of two formulas in the same names (``x^2 = x``) is, and one that works out what has a definition
    (``f'(x) = 2x``), or a value of sines and logarithms.  ``x + y = 5``, ``a_{n+1} = 2 a_n``, ``A^2 = A`` and
    ``f(x + y) = f(x) + f(y)`` are conditions.
    """
    if t.head == "and":
        return all(stands_by_itself(p, scope, sure) for p in t.parts)
    if t.head in ("implies", "iff"):
        return sure and not any((r := scope.names.role(n)) is not None and r.kind in ("function", "sequence")
                                for n in free(t))
    if t.head != "relation" or t.value != "=" and not (sure and t.value in ("<=", ">=", "<", ">")):
        return False
    left, right = t.parts
    roles = [scope.names.role(n) for n in free(t)]
    defined = [r for r in roles if r is not None and r.kind == "definition"]
    if any(r is not None and r.kind in ("function", "sequence") for r in roles):
        return False
    if any(u.head == "entry" and any(free(i) & free(t) for i in u.parts[1:]) for u in t.walk()):
        return False
    if not sure and any(u.head in _CHANCE for u in t.walk()):
        return False
    if len(free(t)) == 1 and any(r is not None and r.kind in ("matrix", "vector", "random") for r in roles):
        return False
    if defined and t.value == "=" and left.head in ("call", "prime", "derivative", "gradient", "hessian"):
        return bool(names(right)) or left.head == "call"
    if free(left) and free(left) == free(right):
        return True
    number = left if not names(left) else right if not names(right) else None
    other = right if number is left else left
    return number is not None and sure and any(u.head == "function" for u in other.walk()) and len(free(t)) == 1


#: Names in the source of a formula, with their accents.
_KEYS = re.compile(r"\\(?:bar|hat|tilde|overline|vec|mathbf|boldsymbol|mathcal)"
                   r"\s*(?:\{\s*(?:\\?[A-Za-z]+)\s*\}|\\?[A-Za-z]+)"
                   r"|\\[A-Za-z]+|[A-Za-z]")
_NO_NAMES = frozenset((r"\frac", r"\sum", r"\left", r"\right", r"\mathbb", r"\cdot", r"\prod", r"\int", r"\dots",
                       r"\ldots", r"\quad", r"\log", r"\exp", r"\text", r"\operatorname", r"\mathrm", r"\nabla",
                       r"\partial"))


def names_in(source: str) -> list[str]:
    """The names in the source of a formula that was not read."""
    return [" ".join(key.replace("{", " ").replace("}", "").split()) for key in _KEYS.findall(source)
            if key not in _NO_NAMES]
