"""Information theory: entropies, mutual information, divergences, with the slips that cost points."""

from sympy import Rational, log

from checker import (
    JS, KL, TV, Derivation, chi2, conditional_KL, entropy, eq, function_of, hellinger, implies, independent, markov,
    mutual_information)

D = Derivation("information", title="Information theory: what holds and what looks as if it did", prose="information.md",
               source="Cover and Thomas, Elements of Information Theory, ch. 2 and 8")
x, y, z, w = D.variables("x y z w")
u, v = D.variables("u v", measure="discrete")
p, q, r = D.densities("p q r")
H, I = entropy, mutual_information
a = D.real("a")

D.claim("chain", H(x, y), "=", H(x) + H(y | x))
D.claim("chain-without-bar", H(x, y), "=", H(x) + H(y), expected="refuted")
D.claim("forms", I(x, y), "=", H(x) - H(x | y), "=", H(y) - H(y | x), "=", H(x) + H(y) - H(x, y))
D.claim("forms-crossed", I(x, y), "=", H(x) - H(y | x), expected="refuted")
D.claim("information-chain", I(x, (y, z)), "=", I(x, y) + I(x, z | y))
D.claim("information-adds", I(x, (y, z)), "=", I(x, y) + I(x, z), expected="refuted")
D.claim("conditioning", H(x | y, z), "<=", H(x | y))
D.claim("conditioning-information", I(x, y | z), "<=", I(x, y), expected="refuted")
D.claim("conditioning-chain", I(x, y | z), "<=", I(x, y), given=[markov(x, y, z)])
D.claim("conditioning-independent", I(x, y), "<=", I(x, y | z), given=[independent(x, z)])
D.claim("nonnegative", H(u), ">=", 0)
D.claim("nonnegative-density", H(x), ">=", 0, expected="refuted")
D.claim("information-bound", I(u, v), "<=", H(u))
D.claim("processing", I(x, z), "<=", I(x, y), given=[markov(x, y, z)])
D.claim("processing-reversed", I(x, y), "<=", I(x, z), given=[markov(x, y, z)], expected="refuted")
D.claim("function", H(v), "<=", H(u), given=[function_of(v, u)])
D.claim("function-reversed", H(u), "<=", H(v), given=[function_of(v, u)], expected="refuted")
D.claim("han", 2*H(x, y, z), "<=", H(x, y) + H(y, z) + H(x, z))
D.claim("han-three", 3*H(x, y, z), "<=", H(x, y) + H(y, z) + H(x, z), expected="refuted")
D.claim("no-information", implies(eq(I(x, y | z), 0), independent(x, y, given=z)))
D.claim("divergence-chain", KL(p(x, y), q(x, y)), "=", KL(p(x), q(x)) + conditional_KL(p(y | x), q(y | x)))
D.claim("divergence-marginals", KL(p(x, y), q(x, y)), "=", KL(p(x), q(x)) + KL(p(y), q(y)), expected="refuted")
D.claim("symmetric", KL(p(x), q(x)), "=", KL(q(x), p(x)), expected="refuted")
D.claim("js-bound", JS(p(x), q(x)), "<=", log(2))
D.claim("js-half", JS(p(x), q(x)), "<=", log(2)/2, expected="refuted")
D.claim("chi-squared", KL(p(x), q(x)), "<=", chi2(p(x), q(x)))
D.claim("chi-squared-reversed", chi2(p(x), q(x)), "<=", KL(p(x), q(x)), expected="refuted")
D.claim("triangle", TV(p(x), r(x)), "<=", TV(p(x), q(x)) + TV(q(x), r(x)))
D.claim("half", TV(p(x), q(x)), "<=", Rational(1, 2), expected="refuted")
D.claim("pinsker", TV(p(x), q(x))**2, "<=", KL(p(x), q(x))/2)
D.claim("pinsker-unsquared", TV(p(x), q(x)), "<=", KL(p(x), q(x))/2, expected="refuted")
D.claim("hellinger", 2*hellinger(p(x), q(x)), "<=", KL(p(x), q(x)))
D.claim("bounded", KL(p(x), q(x)), "<=", 10, expected="refuted")
mixed = a*p(x) + (1 - a)*q(x)
D.claim("concave", entropy(mixed, x), ">=", a*entropy(p(x)) + (1 - a)*entropy(q(x)), given=[0 <= a, a <= 1])
D.claim("convex", entropy(mixed, x), "<=", a*entropy(p(x)) + (1 - a)*entropy(q(x)), given=[0 <= a, a <= 1],
        expected="refuted")
