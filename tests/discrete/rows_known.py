"""More true rows with false neighbours: sequences known by a law, special numbers, series, induction.

Each row: left, relation, right, assumptions, false right sides.  f, g are sequences of real numbers.  From
Graham, Knuth, Patashnik, Concrete Mathematics, ch. 5 to 7; Rudin, Principles of Mathematical Analysis, ch. 3.
"""

from __future__ import annotations

from .rows import N0, N1, Row

FIBONACCI_LAW = ("n >= 0", "forall(n, eq(f(n + 2), f(n + 1) + f(n)), where=n >= 0)", "eq(f(0), 0)", "eq(f(1), 1)")
DOUBLING = ("n >= 0", "forall(n, eq(f(n + 1), 2*f(n) + 1), where=n >= 0)", "eq(f(0), 0)")

SPECIAL: list[Row] = [
    ("factorial2(2*n)", "=", "2**n*factorial(n)", N0, ("2**(n + 1)*factorial(n)",)),
    ("factorial2(2*n - 1)", "=", "factorial(2*n)/(2**n*factorial(n))", N0, ("factorial(2*n)/2**n",)),
    ("factorial2(n)*factorial2(n - 1)", "=", "factorial(n)", N1, ("factorial(n + 1)",)),
    ("factorial2(n + 2)", "=", "(n + 2)*factorial2(n)", N0, ("(n + 1)*factorial2(n)",)),
    ("subfactorial(n)", "=", "n*subfactorial(n - 1) + (-1)**n", N1, ("n*subfactorial(n - 1) - (-1)**n",)),
    ("catalan(n + 1)", "=", "2*(2*n + 1)/(n + 2)*catalan(n)", N0, ("2*(2*n + 1)/(n + 1)*catalan(n)",)),
    ("beta(a + 1, b)", "=", "beta(a, b)*a/(a + b)", (), ("beta(a, b)*b/(a + b)",)),
    ("beta(R(1, 2), R(1, 2))", "=", "pi", (), ("2*pi",)),
    ("digamma(n + 1)", "=", "harmonic(n) - EulerGamma", N0, ("harmonic(n) + EulerGamma",)),
    ("harmonic(n + 1, 2)", "=", "harmonic(n, 2) + 1/(n + 1)**2", N0, ("harmonic(n, 2) + 1/n**2",)),
    ("lucas(n)**2 - 5*fibonacci(n)**2", "=", "4*(-1)**n", (), ("4",)),
    ("2*fibonacci(m + n)", "=", "fibonacci(m)*lucas(n) + lucas(m)*fibonacci(n)", (), ("fibonacci(m)*lucas(n)",)),
    ("tribonacci(n + 4)", "=", "2*tribonacci(n + 3) - tribonacci(n)", (), ("2*tribonacci(n + 3) + tribonacci(n)",)),
    ("tribonacci(1) + 10*tribonacci(3)", "=", "21", (), ("10", "2")),               # 0, 1, 1, 2, 4, 7
    ("Sum(tribonacci(k), (k, 0, n))", "=", "(tribonacci(n + 2) + tribonacci(n) - 1)/2", N0,
     ("(tribonacci(n + 2) + tribonacci(n) + 1)/2",)),
]

LAWS: list[Row] = [
    ("f(n)", "=", "fibonacci(n)", FIBONACCI_LAW, ("fibonacci(n + 1)",)),
    ("f(n)", "=", "2**n - 1", DOUBLING, ("2**n", "2**(n + 1) - 1")),
    ("f(n)", "=", "(1 + n)*2**n", ("n >= 0", "forall(n, eq(f(n + 2), 4*f(n + 1) - 4*f(n)), where=n >= 0)",
                                   "eq(f(0), 1)", "eq(f(1), 4)"), ("n*2**n",)),
    ("f(n)", "=", "factorial(n)", ("n >= 0", "forall(n, eq(f(n + 1), (n + 1)*f(n)), where=n >= 0)", "eq(f(0), 1)"),
     ("n*factorial(n)",)),
    ("f(n)", "=", "harmonic(n)", ("n >= 0", "forall(n, eq(f(n + 1), f(n) + 1/(n + 1)), where=n >= 0)",
                                  "eq(f(0), 0)"), ("harmonic(n + 1)",)),
    ("f(n)", "=", "n**2", ("n >= 0", "forall(n, eq(f(n + 3), 3*f(n + 2) - 3*f(n + 1) + f(n)), where=n >= 0)",
                           "eq(f(0), 0)", "eq(f(1), 1)", "eq(f(2), 4)"), ("n**3",)),
    ("Sum(f(k), (k, 0, n))", "=", "f(n + 2) - 1", FIBONACCI_LAW, ("f(n + 2)",)),
    ("f(n)", "<=", "2**n", FIBONACCI_LAW, ("2**n - 2",)),
    ("f(n)", "<=", "x*2**n", ("n >= 0", "forall(n, f(n + 1) <= 2*f(n), where=n >= 0)", "f(0) <= x"), ("x",)),
    ("Sum(f(k), (k, 1, n))", ">=", "0", ("n >= 0", "forall(k, f(k) >= 0)"), ("1",)),
]

INDUCTION: list[Row] = [
    ("3**n", ">=", "n**3", N0, ("n**4",)),
    ("fibonacci(n)", "<=", "2**(n - 1)", N1, ("2**(n - 2)",)),
    ("fibonacci(n)", ">=", "n", ("n >= 5",), ("n + 1",)),
    ("Sum(1/sqrt(k), (k, 1, n))", "<=", "2*sqrt(n)", N1, ("sqrt(n)",)),
    ("(1 + x)**n", ">=", "1 + n*x + n*(n - 1)/2*x**2", ("n >= 0", "x >= 0"), ("1 + n*x + n*(n - 1)*x**2",)),
    ("harmonic(n)", "<=", "1 + log(n)", N1, ("log(n)",)),
]

SERIES: list[Row] = [
    ("Sum(x**k, (k, 0, oo))", "=", "1/(1 - x)", ("Abs(x) < 1",), ("1/(1 + x)",)),
    ("Sum(a*(1 - a)**k, (k, 0, oo))", "=", "1", ("a < 1",), ("a",)),
    ("Sum(1/(k*(k + 2)), (k, 1, oo))", "=", "R(3, 4)", (), ("R(1, 2)",)),
    ("Sum(z**k/factorial(k), (k, 0, oo))", "=", "exp(z)", (), ("exp(-z)",)),
    ("Sum(k**2*z**k/factorial(k), (k, 1, oo))", "=", "z*(1 + z)*exp(z)", (), ("z*(2 + z)*exp(z)",)),
    ("Sum(k*exp(-a)*a**k/factorial(k), (k, 0, oo))", "=", "a", (), ("1",)),
]

RANGES: list[Row] = [        # for every n, reversed ranges too
    ("Sum(f(k + 1), (k, 0, n - 1))", "=", "Sum(f(k), (k, 1, n))", (), ("Sum(f(k), (k, 0, n))",)),
    ("Sum(f(n - k), (k, 0, n))", "=", "Sum(f(k), (k, 0, n))", (), ("Sum(f(k), (k, 1, n))",)),
    ("Product(f(k)*g(k), (k, 1, n))", "=", "Product(f(k), (k, 1, n))*Product(g(k), (k, 1, n))", (),
     ("Product(f(k), (k, 1, n)) + Product(g(k), (k, 1, n))",)),
    ("Sum(binomial(n, k)*x**k*(1 - x)**(n - k), (k, 0, n))", "=", "1", N0, ("x",)),
]

ROWS = [*RANGES, *SPECIAL, *LAWS, *INDUCTION, *SERIES]

#: True statements of logic, each with a false neighbour, and their assumptions.
STATEMENTS: list[tuple[str, str, tuple[str, ...]]] = [
    ("exists(k, eq(n**2 + n, 2*k))", "exists(k, eq(n**2, 2*k))", ()),
    ("exists((k, j), eq(2*n, 4*k + 6*j))", "exists((k, j), eq(n, 4*k + 6*j))", ()),
    ("exists(k, eq(n**2 - 1, 8*k))", "exists(k, eq(n**2 - 1, 16*k))", ("eq(Mod(n, 2), 1)",)),
    ("forall((n, k), ne(k**2, 4*n + 3))", "forall((n, k), ne(k**2, 4*n + 1))", ()),
    ("forall((n, m, k), ne(n**2 + m**2, 4*k + 3))", "forall((n, m, k), ne(n**2 + m**2, 4*k + 2))", ()),
    ("not_(exists(k, eq(k**2, 7*n + 3)))", "not_(exists(k, eq(k**2, 7*n + 2)))", ()),
]

#: Never proved: the law starts too late, a value is missing, the series is at its circle of convergence.
ATTACKS: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("f(n)", "=", "2**n", ("n >= 0", "forall(n, eq(f(n + 1), 2*f(n)), where=n >= 1)", "eq(f(0), 1)")),
    ("f(n)", "=", "fibonacci(n)", FIBONACCI_LAW[:3]),
    ("f(n)", "=", "2**n - 1", DOUBLING[1:]),                                                  # n < 0
    ("f(n)", "=", "2**n - 1", ("n >= -1", *DOUBLING[1:])),
    ("f(n)", ">", "0", ("n >= 0", "forall(n, f(n + 1) > f(n), where=n >= 0)", "f(0) >= 0")),  # n = 0
    ("f(n)", "<=", "x*y**n", ("n >= 0", "forall(n, f(n + 1) <= y*f(n), where=n >= 0)", "f(0) <= x")),   # y < 0
    ("Product(2*f(k), (k, 1, n))", "=", "2**n*Product(f(k), (k, 1, n))", ()),                  # n < 0
    ("Sum(f(k), (k, 1, n))", "=", "f(n) + Sum(f(k), (k, 1, n - 1))", ()),                      # n = 0
    ("Sum(f(k), (k, 0, n))", "=", "Sum(f(k), (k, n, 0))", ()),
    ("Sum(f(k + 1), (k, 0, n))", "=", "Sum(f(k), (k, 0, n))", ()),
    ("fibonacci(n)", "<=", "2**n", ()),                                                       # n = -1
    ("fibonacci(n + 1)", ">", "fibonacci(n)", N1),                                            # 1, 1
    ("tribonacci(n)", ">=", "0", ()),
    ("Sum(x**k, (k, 0, oo))", "=", "1/(1 - x)", ("x >= -1", "x < 1")),
    ("Sum(x**k, (k, 0, oo))", "=", "1/(1 - x)", ("Abs(x) <= 1",)),
    ("Sum(x**k/factorial(k), (k, 1, oo))", "=", "exp(x)", ()),
    ("Sum(x**k/(k*factorial(k - 1)), (k, 0, oo))", "=", "exp(x) - 1", ()),                     # 0/0 at k = 0
    ("factorial2(n)", "=", "2**(n/2)*gamma(n/2 + 1)", N0),                                    # odd n
    ("(1 + x)**n", ">=", "1 + n*x + n*(n - 1)/2*x**2", ("n >= 0", "x >= -1")),
]
