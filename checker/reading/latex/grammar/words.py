"""The vocabulary: Greek letters, functions, operators and laws, in the spellings that courses use."""

from __future__ import annotations

GREEK = frozenset("\\" + g for g in """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon
    Phi Psi Omega ell hbar imath jmath""".split())

#: ``\alpha`` may be declared, and only declared, as ``alpha``.
GREEK_WORDS = frozenset(g[1:] for g in GREEK)

#: What letters in a row may spell besides functions, in small letters: no product of letters nobody declared.
ABBREVIATIONS = frozenset("""
    acc adam ai arg avg bce bic auc bern bias bin bit cdf ce cnn cond conv corr cos cost cov cut data def deg dim dist div dot
    elbo end ent err est exp fn fp gan gp grad hess id if iff iid in init inv is kl len lhs lim ln log loss lr lstm mae
    map max mean med mi min mle mod mse net new nll nn norm not obs odd of old opt or out pca pdf pmf pos pred prob
    prod proj ps ptr rand rank ref reg relu res rhs rms rmse rnn rss sd se seq set sgd sgn sign sim sin size so
    sse sst std step sum svd svm tan test tn tp tr true tss tv val var vc vec we with xor""".split())

#: Function as command or as upright word -> its name in the tree.
FUNCTIONS = {
    "exp": "exp", "log": "log", "ln": "ln", "lg": "lg", "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot",
    "sec": "sec",
    "csc": "csc", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "coth": "coth", "arsinh": "asinh", "arcosh": "acosh",
    "artanh": "atanh",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "det": "det", "tr": "tr", "Tr": "tr", "trace": "tr", "rank": "rank", "rk": "rank", "dim": "dim", "diag": "diag",
    "Diag": "diag", "vec": "vec", "ker": "ker", "span": "span", "gcd": "gcd", "lcm": "lcm", "arg": "arg",
    "sign": "sign", "sgn": "sign", "softmax": "softmax", "sigmoid": "sigmoid", "softplus": "softplus", "ReLU": "relu",
    "relu": "relu", "logit": "logit", "logsumexp": "logsumexp", "LSE": "logsumexp", "erf": "erf", "Re": "re",
    "Im": "im",
    "abs": "abs", "sqrt": "sqrt", "floor": "floor", "ceil": "ceiling", "round": "round", "LayerNorm": "layernorm",
}
#: Functions of which ``f(x)^2`` cannot be meant as f(x^2).
CERTAIN = frozenset({"exp", "det", "tr", "rank", "dim", "softmax", "sigmoid", "softplus", "relu", "logit", "logsumexp",
                     "erf",
                     "diag", "vec", "re", "im", "floor", "ceiling", "abs", "gcd", "lcm", "max", "min", "indicator",
                     "sign"})
#: Functions whose ``f^2 x`` is (f x)^2 everywhere.
POWERED = frozenset({"sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "log", "ln", "lg",
                     "det", "tr"})

#: Upright words -> head of an expectation-like operator.
EXPECTATIONS = {"E": "E", "Var": "Var", "var": "Var", "Cov": "Cov", "cov": "Cov", "Pr": "Pr", "P": "Pr", "Prob": "Pr",
                "std": "std", "Std": "std", "sd": "std", "SD": "std", "corr": "corr", "Corr": "corr", "V": "Var"}

INFORMATION = {"KL": "KL", "H": "H", "I": "I", "MI": "I", "JS": "JS", "JSD": "JS", "TV": "TV", "Ent": "H", "CE": "CE"}

BIG = {"max": "max", "min": "min", "argmax": "argmax", "argmin": "argmin", "sup": "sup", "inf": "inf",
       "maximize": "max", "minimize": "min"}

LAWS = {
    "N": "Normal", "Normal": "Normal", "Gaussian": "Normal", "U": "Uniform", "Unif": "Uniform", "Uniform": "Uniform",
    "Bern": "Bernoulli", "Ber": "Bernoulli", "Bernoulli": "Bernoulli", "Bin": "Binomial", "Binom": "Binomial",
    "Binomial": "Binomial", "Poisson": "Poisson", "Poi": "Poisson", "Pois": "Poisson", "Po": "Poisson",
    "Exp": "Exponential", "Expo": "Exponential", "Exponential": "Exponential", "Geom": "Geometric", "Geo": "Geometric",
    "Geometric": "Geometric", "Gamma": "Gamma", "Beta": "Beta", "Cat": "Categorical", "Categorical": "Categorical",
    "Dir": "Dirichlet", "Dirichlet": "Dirichlet", "Laplace": "Laplace", "Lap": "Laplace", "Multinomial": "Multinomial",
    "Mult": "Multinomial", "Logistic": "Logistic", "Cauchy": "Cauchy", "InvGamma": "InverseGamma",
    "LogNormal": "LogNormal", "Student": "StudentT", "Pareto": "Pareto", "Rademacher": "Rademacher",
}

RELATIONS = {
    "=": "=", r"\ne": "!=", "<": "<", r"\le": "<=", ">": ">", r"\ge": ">=", r"\in": "in", r"\notin": "not in",
    r"\subset": "subset", r"\subseteq": "subset", r"\supset": "superset", r"\supseteq": "superset", r"\sim": "~",
    r"\propto": "propto", r"\approx": "approx", r"\simeq": "approx", r"\equiv": "equiv", r"\to": "to",
    r"\coloneqq": ":=", r"\triangleq": ":=", r"\ll": "<<", r"\gg": ">>", r"\perp": "independent",
    r"\nmid": "not divides",
    r"\eqqcolon": "=:", r"\preceq": "preceq", r"\succeq": "succeq", r"\prec": "prec", r"\succ": "succ",
    r"\cong": "approx", r"\asymp": "asymp", r"\lesssim": "lesssim", r"\gtrsim": "gtrsim",
}

#: Spellings that differ in looks only -> the one the grammar knows.
SYNONYMS = {
    r"\leq": r"\le", r"\leqslant": r"\le", r"\geq": r"\ge", r"\geqslant": r"\ge", r"\neq": r"\ne", r"\lt": "<",
    r"\gt": ">",
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac", r"\sfrac": r"\frac", r"\nicefrac": r"\frac",
    r"\tbinom": r"\binom", r"\dbinom": r"\binom",
    r"\rightarrow": r"\to", r"\longrightarrow": r"\to", r"\downarrow": r"\searrow", r"\uparrow": r"\nearrow",
    r"\Rightarrow": r"\implies", r"\Longrightarrow": r"\implies", r"\Leftrightarrow": r"\iff",
    r"\Longleftrightarrow": r"\iff", r"\vert": "|", r"\Vert": r"\|", r"\parallel": r"\|", r"\lbrace": r"\{",
    r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]", r"\lparen": "(", r"\rparen": ")", r"\ldots": r"\dots",
    r"\cdots": r"\dots", r"\dotsc": r"\dots", r"\dotsb": r"\dots", r"\dotsm": r"\dots", r"\dotsi": r"\dots",
    r"\land": r"\wedge", r"\lor": r"\vee", r"\lnot": r"\neg", r"\colon": ":", r"\coloneq": r"\coloneqq",
    r"\vcentcolon": ":", r"\ast": "*", r"\varnothing": r"\emptyset", r"\doteq": r"\coloneqq", r"\defeq": r"\coloneqq",
    r"\lbrack ": "[", r"\ni": r"\ni", r"\intop": r"\int", r"\mvert": r"\mid", r"\given": r"\mid",
    r"\independent": r"\perp", r"\indep": r"\perp", r"\bigtriangledown": r"\nabla",
    r"\operatorname*": r"\operatorname", r"\succcurlyeq": r"\succeq", r"\preccurlyeq": r"\preceq",
    r"\E": r"\mathbb E", r"\Expect": r"\mathbb E", r"\EE": r"\mathbb E", r"\R": r"\mathbb R", r"\Z": r"\mathbb Z",
    r"\Q": r"\mathbb Q", r"\dprime": r"\prime\prime", r"\lvert": r"\lvert", r"\dd": r"\dd", r"\diff": r"\dd",
    r"\argmin": r"\argmin", r"\argmax": r"\argmax", r"\iint": r"\iint",
}

SPACES = frozenset({r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "~", r"\thinspace", r"\medspace",
                    r"\thickspace",
                    r"\enspace", r"\enskip", r"\negthinspace", r"\negmedspace", r"\negthickspace", r"\displaystyle",
                    r"\textstyle", r"\scriptstyle", r"\scriptscriptstyle", r"\limits", r"\nolimits", r"\nonumber",
                    r"\notag",
                    r"\relax", r"\strut", r"\mathstrut", r"\hfill", r"\allowbreak", r"\nobreak", r"\/", r"\>", r"\null",
                    r"\space", r"\normalsize", r"\small", r"\noindent", r"\centering", r"\displaylimits", r"\break"})
#: Commands whose one argument is spacing only.
SPACES_WITH_ARGUMENT = frozenset({r"\hspace", r"\hspace*", r"\vspace", r"\vspace*", r"\hphantom", r"\vphantom",
                                  r"\phantom",
                                  r"\mspace", r"\label", r"\tag", r"\tag*"})
#: Commands whose last argument stands as if unwrapped; the number of arguments before it is dropped.
WRAPPERS = {r"\boxed": 0, r"\mathop": 0, r"\mathrel": 0, r"\mathbin": 0, r"\mathord": 0, r"\mathinner": 0,
            r"\mathopen": 0,
            r"\mathclose": 0, r"\ensuremath": 0, r"\textcolor": 1, r"\underbrace": 0, r"\overbrace": 0, r"\smash": 0,
            r"\mathstrut": 0, r"\fbox": 0, r"\hbox": 0, r"\substack": 0, r"\underline": 0, r"\mathpalette": 0}
SIZES = frozenset({r"\big", r"\Big", r"\bigg", r"\Bigg"})
SIZES_LEFT = frozenset({r"\bigl", r"\Bigl", r"\biggl", r"\Biggl"})
SIZES_RIGHT = frozenset({r"\bigr", r"\Bigr", r"\biggr", r"\Biggr"})
SIZES_MIDDLE = frozenset({r"\bigm", r"\Bigm", r"\biggm", r"\Biggm", r"\middle"})

ACCENTS = {r"\bar": r"\bar", r"\overline": r"\bar", r"\hat": r"\hat", r"\widehat": r"\hat", r"\tilde": r"\tilde",
           r"\widetilde": r"\tilde", r"\vec": r"\vec", r"\check": r"\check", r"\breve": r"\breve", r"\acute": r"\acute",
           r"\grave": r"\grave", r"\dot": r"\dot", r"\ddot": r"\ddot", r"\mathring": r"\mathring",
           r"\overrightarrow": r"\vec"}
FONTS = {r"\mathbf": r"\mathbf", r"\boldsymbol": r"\boldsymbol", r"\bm": r"\boldsymbol", r"\bf": r"\mathbf",
         r"\mathcal": r"\mathcal", r"\cal": r"\mathcal", r"\mathbb": r"\mathbb", r"\mathfrak": r"\mathfrak",
         r"\mathscr": r"\mathscr", r"\mathds": r"\mathbb", r"\mathbbm": r"\mathbb", r"\mathit": "", r"\mathnormal": ""}
UPRIGHT = frozenset({r"\mathrm", r"\operatorname", r"\textrm", r"\textup", r"\mathsf", r"\mathtt", r"\textit",
                     r"\textbf",
                     r"\textsf", r"\texttt", r"\mathup", r"\rm", r"\textnormal", r"\operatorname*"})

#: What ``\text{...}`` may spell of these is mathematics, not words.
UPRIGHT_WORDS = frozenset({*FUNCTIONS, *EXPECTATIONS, *INFORMATION, *BIG, *LAWS, "argmin", "argmax", "const", "lim"}) - frozenset(
    {"span", "arg", "round", "inf", "sup", "abs", "I", "P", "V", "N", "U", "H"})
