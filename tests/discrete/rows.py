"""True rows of discrete mathematics with false neighbours; labels were checked by direct evaluation.

Each row: left, relation, right, assumptions, false right sides (a sign, a coefficient, a shifted index, an
exponent).  n k m j integers, x y real, a b positive, z complex.  From theory: Graham, Knuth, Patashnik,
Concrete Mathematics, ch. 1, 2, 5, 6; Petkovsek, Wilf, Zeilberger, A = B; DLMF 5.5; textbook inductions.
"""

from __future__ import annotations

Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
N0, N1, N2 = ("n >= 0",), ("n >= 1",), ("n >= 2",)
K = ("n >= 0", "k >= 0", "k <= n")

GAMMA: list[Row] = [
    ("factorial(n + 1)", "=", "(n + 1)*factorial(n)", N0, ("n*factorial(n)", "(n + 2)*factorial(n)")),
    ("factorial(n)/factorial(n - 2)", "=", "n*(n - 1)", N2, ("n*(n + 1)", "n*(n - 2)")),
    ("factorial(n + 2)/factorial(n)", "=", "n**2 + 3*n + 2", N0, ("n**2 + 3*n + 1", "n**2 + 2*n + 2")),
    ("factorial(n + 1) - factorial(n)", "=", "n*factorial(n)", N0, ("(n + 1)*factorial(n)",)),
    ("1/factorial(n) - 1/factorial(n + 1)", "=", "n/factorial(n + 1)", N0, ("(n + 1)/factorial(n + 1)",)),
    ("gamma(z + 1)", "=", "z*gamma(z)", (), ("(z + 1)*gamma(z)",)),
    ("gamma(z + 3)/gamma(z)", "=", "z*(z + 1)*(z + 2)", (), ("z*(z + 1)*(z + 3)",)),
    ("gamma(n + 1)", "=", "factorial(n)", N0, ("factorial(n + 1)", "n*factorial(n)")),
    ("gamma(R(5, 2))", "=", "3*sqrt(pi)/4", (), ("3*sqrt(pi)/2",)),
    ("gamma(R(-1, 2))", "=", "-2*sqrt(pi)", (), ("2*sqrt(pi)",)),
    ("gamma(a + 1)*gamma(b)", "=", "a*gamma(a)*gamma(b)", (), ("b*gamma(a)*gamma(b)",)),
    ("gamma(z)*gamma(1 - z)", "=", "pi/sin(pi*z)", (), ("-pi/sin(pi*z)", "pi/cos(pi*z)")),
    ("gamma(x + R(1, 2))*gamma(R(1, 2) - x)", "=", "pi/cos(pi*x)", (), ("pi/sin(pi*x)",)),
    ("gamma(2*z)", "=", "2**(2*z - 1)*gamma(z)*gamma(z + R(1, 2))/sqrt(pi)", (),
     ("2**(2*z)*gamma(z)*gamma(z + R(1, 2))/sqrt(pi)",)),
    ("gamma(n + R(1, 2))", "=", "factorial(2*n)*sqrt(pi)/(4**n*factorial(n))", N0,
     ("factorial(2*n)*sqrt(pi)/(2**n*factorial(n))",)),
    ("rf(x, 3)", "=", "x*(x + 1)*(x + 2)", (), ("x*(x - 1)*(x - 2)",)),
    ("ff(x, 3)", "=", "x*(x - 1)*(x - 2)", (), ("x*(x + 1)*(x + 2)",)),
    ("rf(a, k + 1)", "=", "(a + k)*rf(a, k)", ("k >= 0",), ("(a + k + 1)*rf(a, k)",)),
    ("rf(a, m + k)", "=", "rf(a, m)*rf(a + m, k)", ("k >= 0", "m >= 0"), ("rf(a, m)*rf(a, k)",)),
    ("ff(n, k)", "=", "factorial(n)/factorial(n - k)", K, ("factorial(n)/factorial(k)",)),
    ("rf(n, k)", "=", "factorial(n + k - 1)/factorial(n - 1)", ("n >= 1", "k >= 0"),
     ("factorial(n + k)/factorial(n - 1)",)),
    ("digamma(z + 1)", "=", "digamma(z) + 1/z", (), ("digamma(z) - 1/z",)),
    ("digamma(a + 2) - digamma(a)", "=", "1/a + 1/(a + 1)", (), ("1/a + 1/(a + 2)",)),
    ("harmonic(n + 1)", "=", "harmonic(n) + 1/(n + 1)", N0, ("harmonic(n) + 1/n",)),
    ("harmonic(n)", "=", "harmonic(n - 1) + 1/n", N1, ("harmonic(n - 1) + 1/(n + 1)",)),
]

BINOMIAL: list[Row] = [
    ("binomial(n, k)", "=", "factorial(n)/(factorial(k)*factorial(n - k))", K, ("factorial(n)/factorial(n - k)",)),
    ("binomial(n, k)", "=", "binomial(n, n - k)", N0, ("binomial(n, n - k - 1)",)),
    ("binomial(n + 1, k + 1)", "=", "binomial(n, k) + binomial(n, k + 1)", (),
     ("binomial(n, k) + binomial(n, k - 1)", "binomial(n, k) - binomial(n, k + 1)")),
    ("k*binomial(n, k)", "=", "n*binomial(n - 1, k - 1)", (), ("n*binomial(n - 1, k)",)),
    ("(n - k)*binomial(n, k)", "=", "n*binomial(n - 1, k)", (), ("n*binomial(n - 1, k - 1)",)),
    ("(k + 1)*binomial(n, k + 1)", "=", "(n - k)*binomial(n, k)", (), ("(n - k + 1)*binomial(n, k)",)),
    ("binomial(n, m)*binomial(m, k)", "=", "binomial(n, k)*binomial(n - k, m - k)",
     ("n >= 0", "m >= 0", "m <= n", "k >= 0", "k <= m"), ("binomial(n, k)*binomial(n - k, m)",)),
    ("binomial(2*n, n)", "=", "factorial(2*n)/factorial(n)**2", N0, ("factorial(2*n)/factorial(n)",)),
    ("binomial(2*n + 2, n + 1)", "=", "2*(2*n + 1)/(n + 1)*binomial(2*n, n)", N0,
     ("2*(2*n + 1)/(n + 2)*binomial(2*n, n)",)),
    ("binomial(n, 2)", "=", "n*(n - 1)/2", (), ("n*(n + 1)/2",)),
    ("binomial(n + 1, 2) + binomial(n, 2)", "=", "n**2", (), ("n**2 + n",)),
    ("binomial(n, n - 1)", "=", "n", N1, ("n - 1",)),
    ("binomial(2*n, n) - binomial(2*n, n + 1)", "=", "binomial(2*n, n)/(n + 1)", N0, ("binomial(2*n, n)/n",)),
    ("binomial(-1, k)", "=", "(-1)**k", ("k >= 0",), ("1", "(-1)**(k + 1)")),
    ("binomial(-n, k)", "=", "(-1)**k*binomial(n + k - 1, k)", ("n >= 1", "k >= 0"),
     ("binomial(n + k - 1, k)", "(-1)**k*binomial(n + k, k)")),
    ("binomial(x, k)*(x - k)", "=", "binomial(x, k + 1)*(k + 1)", (), ("binomial(x, k + 1)*k",)),
    ("binomial(n + k - 1, k)", "=", "binomial(n + k - 1, n - 1)", ("n >= 1", "k >= 0"), ("binomial(n + k - 1, n)",)),
    ("binomial(n, 3)", "=", "n*(n - 1)*(n - 2)/6", (), ("n*(n - 1)*(n - 2)/3",)),
]

POWERS: list[Row] = [
    ("(-1)**(2*n)", "=", "1", (), ("-1",)),
    ("(-1)**(2*n + 1)", "=", "-1", (), ("1",)),
    ("(-1)**(n + m)", "=", "(-1)**(n - m)", (), ("(-1)**(n - m + 1)",)),
    ("(-1)**(n**2)", "=", "(-1)**n", (), ("1",)),
    ("(-1)**(n*(n + 1))", "=", "1", (), ("-1",)),
    ("cos(pi*n)", "=", "(-1)**n", (), ("(-1)**(n + 1)", "1")),
    ("sin(pi*n)", "=", "0", (), ("1",)),
    ("sin(pi*(2*n + 1)/2)", "=", "(-1)**n", (), ("(-1)**(n + 1)",)),
    ("exp(I*pi*n)", "=", "(-1)**n", (), ("I**n",)),
    ("exp(2*I*pi*n)", "=", "1", (), ("-1",)),
    ("I**(2*n)", "=", "(-1)**n", (), ("I**n",)),
    ("I**(4*n + 3)", "=", "-I", (), ("I",)),
    ("I**n + (-I)**n", "=", "2*cos(pi*n/2)", (), ("2*sin(pi*n/2)",)),
    ("cos(x + pi*n)", "=", "(-1)**n*cos(x)", (), ("cos(x)",)),
    ("tan(x + pi*n)", "=", "tan(x)", (), ("-tan(x)",)),
    ("4**n", "=", "2**(2*n)", (), ("2**(n + 2)",)),
    ("6**n", "=", "2**n*3**n", (), ("2**n + 3**n",)),
    ("2**(n + 3) - 2**(n + 1)", "=", "6*2**n", (), ("4*2**n",)),
    ("(-2)**n", "=", "(-1)**n*2**n", (), ("-2**n",)),
    ("(x*y)**n", "=", "x**n*y**n", N0, ("x**n + y**n",)),
    ("x**(n + 2)", "=", "x**2*x**n", N0, ("2*x**n",)),
    ("((-1)**n + 1)**2", "=", "2*((-1)**n + 1)", (), ("4",)),
    ("(1 + sqrt(2))**n*(1 - sqrt(2))**n", "=", "(-1)**n", (), ("1",)),
    ("(2 + sqrt(3))**n*(2 - sqrt(3))**n", "=", "1", (), ("(-1)**n",)),
    ("(1 - (-1)**n)*(1 + (-1)**n)", "=", "0", (), ("1",)),
    ("floor(n/2) + floor((n + 1)/2)", "=", "n", (), ("n + 1",)),
    ("ceiling(n/2)", "=", "floor((n + 1)/2)", (), ("floor(n/2)",)),
    ("floor(n/2)", "=", "(2*n - 1 + (-1)**n)/4", (), ("(2*n + 1 - (-1)**n)/4",)),
    ("floor((n + 3)/3)", "=", "floor(n/3) + 1", (), ("floor(n/3)",)),
    ("Mod(n + 2, 2)", "=", "Mod(n, 2)", (), ("1 - Mod(n, 2)",)),
]

DIVISIBLE: list[Row] = [
    ("Mod(n**2 + n, 2)", "=", "0", (), ("1",)),
    ("Mod(n**3 - n, 6)", "=", "0", (), ("1",)),
    ("Mod(n**5 - n, 30)", "=", "0", (), ("2",)),
    ("Mod(4**n, 3)", "=", "1", N0, ("0", "2")),
    ("Mod(7**n - 1, 6)", "=", "0", N0, ("1",)),
    ("Mod(n**2, 4)", "=", "0", ("Eq(Mod(n, 2), 0)",), ("1",)),
    ("Mod(n**2, 8)", "=", "1", ("Eq(Mod(n, 2), 1)",), ("3",)),
    ("Mod(10**n, 9)", "=", "1", N0, ("0",)),
    ("Mod(2**(2*n + 1) + 1, 3)", "=", "0", N0, ("1",)),
    ("Mod(fibonacci(3*n), 2)", "=", "0", (), ("1",)),
    ("Mod(11**n - 4**n, 7)", "=", "0", N0, ("1",)),
    ("Mod(n*(n + 1)*(2*n + 1), 6)", "=", "0", (), ("3",)),
    ("(-1)**n", "=", "1", ("Contains(n/2, ZZ)",), ("-1",)),
    ("(-1)**(n*(n - 1)/2)", "=", "cos(pi*n/2) + sin(pi*n/2)", (), ("cos(pi*n/2) - sin(pi*n/2)",)),
    ("(-1)**(n*(n + 1)/2)*(-1)**(n*(n - 1)/2)", "=", "(-1)**n", (), ("1",)),
    ("cos(pi*n/2)", "=", "(-1)**(n/2)", ("Contains(n/2, ZZ)",), ("(-1)**(n/2 + 1)",)),
    ("(n - 1)/2*((n + 1)/2)", "=", "2*Sum(k, (k, 1, (n - 1)/2))", ("Contains((n + 1)/2, ZZ)", "n >= 1"), ("n",)),
    ("(-1)**n", "=", "-1", ("Eq(Mod(n, 2), 1)",), ("1",)),
]

FIBONACCI: list[Row] = [
    ("fibonacci(n + 2)", "=", "fibonacci(n + 1) + fibonacci(n)", (), ("fibonacci(n + 1) - fibonacci(n)",)),
    ("fibonacci(n + 1)*fibonacci(n - 1) - fibonacci(n)**2", "=", "(-1)**n", (), ("(-1)**(n + 1)", "1")),
    ("fibonacci(m + n)", "=", "fibonacci(m)*fibonacci(n + 1) + fibonacci(m - 1)*fibonacci(n)", (),
     ("fibonacci(m)*fibonacci(n + 1) + fibonacci(m)*fibonacci(n)",)),
    ("fibonacci(2*n)", "=", "fibonacci(n)*(2*fibonacci(n + 1) - fibonacci(n))", (),
     ("fibonacci(n)*(2*fibonacci(n + 1) + fibonacci(n))",)),
    ("fibonacci(2*n + 1)", "=", "fibonacci(n + 1)**2 + fibonacci(n)**2", (), ("fibonacci(n + 1)**2 - fibonacci(n)**2",)),
    ("fibonacci(-n)", "=", "(-1)**(n + 1)*fibonacci(n)", (), ("(-1)**n*fibonacci(n)",)),
    ("fibonacci(n)", "=", "(((1 + sqrt(5))/2)**n - ((1 - sqrt(5))/2)**n)/sqrt(5)", (),
     ("(((1 + sqrt(5))/2)**n + ((1 - sqrt(5))/2)**n)/sqrt(5)",)),
    ("fibonacci(n + 2)**2 - fibonacci(n + 1)**2", "=", "fibonacci(n)*fibonacci(n + 3)", (),
     ("fibonacci(n)*fibonacci(n + 2)",)),
    ("fibonacci(n)*fibonacci(m + 1) - fibonacci(m)*fibonacci(n + 1)", "=", "(-1)**m*fibonacci(n - m)", (),
     ("(-1)**n*fibonacci(n - m)",)),
    ("fibonacci(3*n)", "=", "5*fibonacci(n)**3 + 3*(-1)**n*fibonacci(n)", (), ("5*fibonacci(n)**3 + 3*fibonacci(n)",)),
    ("fibonacci(n + 3) + fibonacci(n)", "=", "2*fibonacci(n + 2)", (), ("2*fibonacci(n + 1)",)),
    ("Sum(fibonacci(k), (k, 0, n))", "=", "fibonacci(n + 2) - 1", N0, ("fibonacci(n + 2)", "fibonacci(n + 1) - 1")),
    ("Sum(fibonacci(k)**2, (k, 0, n))", "=", "fibonacci(n)*fibonacci(n + 1)", N0, ("fibonacci(n)**2",)),
    ("Sum(fibonacci(2*k), (k, 0, n))", "=", "fibonacci(2*n + 1) - 1", N0, ("fibonacci(2*n + 1)",)),
    ("Sum(fibonacci(2*k - 1), (k, 1, n))", "=", "fibonacci(2*n)", N1, ("fibonacci(2*n + 1)",)),
    ("Sum(k*fibonacci(k), (k, 0, n))", "=", "n*fibonacci(n + 2) - fibonacci(n + 3) + 2", N0,
     ("n*fibonacci(n + 2) - fibonacci(n + 3)",)),
    ("Sum(binomial(n, k)*fibonacci(k), (k, 0, n))", "=", "fibonacci(2*n)", N0, ("fibonacci(2*n + 1)",)),
]

SUMS: list[Row] = [
    ("Sum(k, (k, 1, n))", "=", "n*(n + 1)/2", N0, ("n*(n - 1)/2", "n*(n + 1)/2 + 1")),
    ("Sum(k**2, (k, 1, n))", "=", "n*(n + 1)*(2*n + 1)/6", N0, ("n*(n + 1)*(2*n - 1)/6",)),
    ("Sum(k**3, (k, 1, n))", "=", "(n*(n + 1)/2)**2", N0, ("(n*(n - 1)/2)**2",)),
    ("Sum(k**3, (k, 1, n))", "=", "Sum(k, (k, 1, n))**2", N0, ("Sum(k**2, (k, 1, n))**2",)),
    ("Sum(2*k - 1, (k, 1, n))", "=", "n**2", N0, ("n**2 + n", "n**2 - 1")),
    ("Sum(k**4, (k, 1, n))", "=", "n*(n + 1)*(2*n + 1)*(3*n**2 + 3*n - 1)/30", N0,
     ("n*(n + 1)*(2*n + 1)*(3*n**2 + 3*n + 1)/30",)),
    ("Sum(k, (k, m, n))", "=", "(n - m + 1)*(n + m)/2", ("n >= m",), ("(n - m)*(n + m)/2",)),
    ("Sum(1, (k, m, n))", "=", "n - m + 1", ("n >= m",), ("n - m",)),
    ("Sum(k*(k + 1), (k, 1, n))", "=", "n*(n + 1)*(n + 2)/3", N0, ("n*(n + 1)*(n + 2)/2",)),
    ("Sum(2**k, (k, 0, n))", "=", "2**(n + 1) - 1", N0, ("2**n - 1", "2**(n + 1)")),
    ("Sum(x**k, (k, 0, n))", "=", "(1 - x**(n + 1))/(1 - x)", N0, ("(1 - x**n)/(1 - x)",)),
    ("Sum(a**k, (k, 0, n))", "=", "(a**(n + 1) - 1)/(a - 1)", ("n >= 0", "Ne(a, 1)"), ("(a**n - 1)/(a - 1)",)),
    ("Sum(k*2**k, (k, 1, n))", "=", "(n - 1)*2**(n + 1) + 2", N0, ("(n - 1)*2**(n + 1)", "n*2**(n + 1) + 2")),
    ("Sum(k*x**k, (k, 0, n))", "=", "(x - (n + 1)*x**(n + 1) + n*x**(n + 2))/(1 - x)**2", N0,
     ("(x - (n + 1)*x**(n + 1) + n*x**(n + 1))/(1 - x)**2",)),
    ("Sum(k**2*2**k, (k, 0, n))", "=", "2**(n + 1)*(n**2 - 2*n + 3) - 6", N0, ("2**(n + 1)*(n**2 - 2*n + 3)",)),
    ("Sum((-1)**k, (k, 0, n))", "=", "(1 + (-1)**n)/2", N0, ("(1 - (-1)**n)/2",)),
    ("Sum((-1)**k*k, (k, 1, n))", "=", "((-1)**n*(2*n + 1) - 1)/4", N0, ("((-1)**n*(2*n + 1) + 1)/4",)),
    ("Sum((-1)**(k + 1)*k**2, (k, 1, n))", "=", "(-1)**(n + 1)*n*(n + 1)/2", N0, ("(-1)**n*n*(n + 1)/2",)),
    ("Sum(k*factorial(k), (k, 1, n))", "=", "factorial(n + 1) - 1", N0, ("factorial(n + 1)", "factorial(n) - 1")),
    ("Sum(k/factorial(k + 1), (k, 0, n))", "=", "1 - 1/factorial(n + 1)", N0, ("1 - 1/factorial(n)",)),
    ("Sum(1/(k*(k + 1)), (k, 1, n))", "=", "n/(n + 1)", N0, ("(n + 1)/(n + 2)", "1/(n + 1)")),
    ("Sum(1/(k*(k + 2)), (k, 1, n))", "=", "R(3, 4) - (2*n + 3)/(2*(n + 1)*(n + 2))", N0,
     ("R(3, 4) - (2*n + 3)/((n + 1)*(n + 2))",)),
    ("Sum(1/(4*k**2 - 1), (k, 1, n))", "=", "n/(2*n + 1)", N0, ("n/(2*n - 1)",)),
    ("Sum(1/(k*(k + 1)*(k + 2)), (k, 1, n))", "=", "R(1, 4) - 1/(2*(n + 1)*(n + 2))", N0,
     ("R(1, 4) - 1/((n + 1)*(n + 2))",)),
    ("Sum((2*k + 1)/(k**2*(k + 1)**2), (k, 1, n))", "=", "1 - 1/(n + 1)**2", N0, ("1 - 1/n**2",)),
    ("Sum(1/k, (k, 1, n))", "=", "harmonic(n)", N0, ("harmonic(n + 1)",)),
    ("Sum(1/(k + 1), (k, 0, n - 1))", "=", "harmonic(n)", N1, ("harmonic(n - 1)",)),
    ("Sum(1/(n + k), (k, 1, n))", "=", "harmonic(2*n) - harmonic(n)", N0, ("harmonic(2*n) - harmonic(n + 1)",)),
    ("Sum(harmonic(k), (k, 1, n))", "=", "(n + 1)*harmonic(n) - n", N0, ("n*harmonic(n) - n",)),
    ("Sum(k*harmonic(k), (k, 1, n))", "=", "n*(n + 1)*harmonic(n)/2 - n*(n - 1)/4", N0,
     ("n*(n + 1)*harmonic(n)/2 - n*(n + 1)/4",)),
    ("Sum(Sum(j, (j, 1, k)), (k, 1, n))", "=", "n*(n + 1)*(n + 2)/6", N0, ("n*(n + 1)*(n + 2)/3",)),
    ("Sum(Sum(1, (j, k, n)), (k, 1, n))", "=", "n*(n + 1)/2", N0, ("n*(n - 1)/2",)),
    ("Sum(k + x, (k, 1, n))", "=", "n*(n + 1)/2 + n*x", N0, ("n*(n + 1)/2 + x",)),
    ("Sum(x*2**k + y, (k, 0, n))", "=", "x*(2**(n + 1) - 1) + (n + 1)*y", N0, ("x*(2**(n + 1) - 1) + n*y",)),
    ("Sum(1/k, (k, 1, n)) + Sum(1/k, (k, n + 1, m))", "=", "Sum(1/k, (k, 1, m))", ("n >= 0", "m >= n"),
     ("Sum(1/k, (k, 0, m + 1))", "Sum(1/k, (k, 1, m + 1))")),
    ("Sum(sqrt(k), (k, 1, n + 1))", "=", "Sum(sqrt(k), (k, 1, n)) + sqrt(n + 1)", N0,
     ("Sum(sqrt(k), (k, 1, n)) + sqrt(n)",)),
    ("Sum(sqrt(k), (k, 2, n + 1))", "=", "Sum(sqrt(k + 1), (k, 1, n))", N0, ("Sum(sqrt(k + 1), (k, 0, n))",)),
    ("Sum(1/(n - k + 1), (k, 1, n))", "=", "Sum(1/k, (k, 1, n))", N0, ("Sum(1/k, (k, 1, n - 1))",)),
    ("Sum(log(k + 1) - log(k), (k, 1, n))", "=", "log(n + 1)", N0, ("log(n)",)),
    ("Sum(1/(sqrt(k) + sqrt(k + 1)), (k, 0, n - 1))", "=", "sqrt(n)", N1, ("sqrt(n + 1)",)),
    ("Sum(3**k, (k, m, n))", "=", "(3**(n + 1) - 3**m)/2", ("m >= 0", "n >= m"), ("(3**n - 3**m)/2",)),
    ("Sum(cos(pi*k), (k, 0, 2*n))", "=", "1", N0, ("0", "-1")),
    ("Sum(x**k, (k, 1, n + 1))", "=", "x*Sum(x**k, (k, 0, n))", N0, ("x*Sum(x**k, (k, 1, n))",)),
    ("Sum(k, (k, 5, 1))", "=", "0", (), ("-9", "-5")),
]

BINOMIAL_SUMS: list[Row] = [
    ("Sum(binomial(n, k), (k, 0, n))", "=", "2**n", N0, ("2**n - 1", "2**(n + 1)")),
    ("Sum((-1)**k*binomial(n, k), (k, 0, n))", "=", "0", N1, ("1",)),
    ("Sum(k*binomial(n, k), (k, 0, n))", "=", "n*2**(n - 1)", N0, ("n*2**n", "(n - 1)*2**n")),
    ("Sum(k**2*binomial(n, k), (k, 0, n))", "=", "n*(n + 1)*2**(n - 2)", N0, ("n*(n - 1)*2**(n - 2)",)),
    ("Sum(binomial(n, k)**2, (k, 0, n))", "=", "binomial(2*n, n)", N0, ("binomial(2*n, n + 1)",)),
    ("Sum(binomial(n, k)*x**k, (k, 0, n))", "=", "(1 + x)**n", N0, ("(1 - x)**n",)),
    ("Sum(binomial(n, k)*x**k*y**(n - k), (k, 0, n))", "=", "(x + y)**n", N0, ("(x - y)**n", "x**n + y**n")),
    ("Sum(binomial(n, k)*2**k, (k, 0, n))", "=", "3**n", N0, ("3**n - 1",)),
    ("Sum((-1)**k*binomial(n, k)/(k + 1), (k, 0, n))", "=", "1/(n + 1)", N0, ("1/(n + 2)",)),
    ("Sum(binomial(n, k)/(k + 1), (k, 0, n))", "=", "(2**(n + 1) - 1)/(n + 1)", N0, ("2**(n + 1)/(n + 1)",)),
    ("Sum(binomial(k, m), (k, m, n))", "=", "binomial(n + 1, m + 1)", ("m >= 0", "n >= m"), ("binomial(n, m + 1)",)),
    ("Sum(binomial(m + k, k), (k, 0, n))", "=", "binomial(m + n + 1, n)", ("m >= 0", "n >= 0"),
     ("binomial(m + n, n)",)),
    ("Sum(binomial(m, k)*binomial(n, j - k), (k, 0, j))", "=", "binomial(m + n, j)", ("j >= 0", "m >= 0", "n >= 0"),
     ("binomial(m + n, j + 1)",)),
    ("Sum(binomial(m, k)*binomial(n, j - k), (k, 0, j))", "=", "binomial(m + n, j)", ("j >= 0",),
     ("binomial(m - n, j)",)),
    ("Sum(binomial(2*k, k)*binomial(2*n - 2*k, n - k), (k, 0, n))", "=", "4**n", N0, ("2**n",)),
    ("Sum(binomial(n + k, k)/2**k, (k, 0, n))", "=", "2**n", N0, ("2**(n + 1)",)),
    ("Sum(binomial(2*k, k)/4**k, (k, 0, n))", "=", "(2*n + 1)*binomial(2*n, n)/4**n", N0,
     ("(2*n - 1)*binomial(2*n, n)/4**n",)),
    ("Sum((-1)**k*binomial(x, k), (k, 0, n))", "=", "(-1)**n*binomial(x - 1, n)", N0, ("(-1)**n*binomial(x, n)",)),
    ("Sum((n - 2*k)*binomial(n, k), (k, 0, n))", "=", "0", N0, ("n",)),
    ("Sum(1/binomial(n + k, k), (k, 0, m))", "=", "n/(n - 1)*(1 - 1/binomial(n + m, m + 1))", ("n >= 2", "m >= 0"),
     ("n/(n - 1)*(1 - 1/binomial(n + m, m))",)),
    ("Sum((-1)**k*binomial(n, k)*binomial(2*n - k, n), (k, 0, n))", "=", "1", N0, ("0",)),
    ("Sum(binomial(n, k)*binomial(n, k), (k, 0, n)) - Sum(binomial(n, k)**2, (k, 0, n))", "=", "0", N0, ("1",)),
    ("Sum(k*binomial(n, k)**2, (k, 0, n))", "=", "n*binomial(2*n - 1, n - 1)", N1, ("n*binomial(2*n, n)",)),
]

PRODUCTS: list[Row] = [
    ("Product(k, (k, 1, n))", "=", "factorial(n)", N0, ("factorial(n + 1)", "factorial(n - 1)*n**2")),
    ("Product(2*k, (k, 1, n))", "=", "2**n*factorial(n)", N0, ("2*factorial(n)",)),
    ("Product(2*k - 1, (k, 1, n))", "=", "factorial(2*n)/(2**n*factorial(n))", N0, ("factorial(2*n)/factorial(n)",)),
    ("Product((k + 1)/k, (k, 1, n))", "=", "n + 1", N0, ("n", "(n + 1)/2")),
    ("Product(1 - 1/k**2, (k, 2, n))", "=", "(n + 1)/(2*n)", N2, ("(n + 1)/n",)),
    ("Product(x, (k, 1, n))", "=", "x**n", N0, ("n*x", "x**(n + 1)")),
    ("Product(2**k, (k, 0, n))", "=", "2**(n*(n + 1)/2)", N0, ("2**(n*(n - 1)/2)",)),
    ("Product(exp(k), (k, 1, n))", "=", "exp(n*(n + 1)/2)", N0, ("exp(n*(n - 1)/2)",)),
    ("Product(1 + a**(2**k), (k, 0, n))", "=", "(1 - a**(2**(n + 1)))/(1 - a)", N0, ("(1 - a**(2**n))/(1 - a)",)),
    ("Product(k*(k + 2), (k, 1, n))", "=", "factorial(n)*factorial(n + 2)/2", N0, ("factorial(n)*factorial(n + 2)",)),
    ("Product(x + k, (k, 0, n - 1))", "=", "rf(x, n)", N0, ("ff(x, n)",)),
    ("Product(k, (k, 5, 2))", "=", "1", (), ("R(1, 12)", "0")),
    ("Product(-1, (k, 1, n))", "=", "(-1)**n", N0, ("-1",)),
    ("Product(n + k, (k, 1, n))", "=", "factorial(2*n)/factorial(n)", N0, ("factorial(2*n)",)),
]

INEQUALITIES: list[Row] = [
    ("2**n", ">", "n", N0, ("2**n", "4*n")),
    ("2**n", ">=", "n + 1", N0, ("n + 2",)),
    ("factorial(n)", ">=", "2**(n - 1)", N1, ("2**n",)),
    ("factorial(n)", ">", "2**n", ("n >= 4",), ("3**n",)),
    ("(1 + x)**n", ">=", "1 + n*x", ("n >= 0", "x >= -1"), ("1 + n*x + x",)),
    ("3**n", ">=", "2*n + 1", N0, ("2*n + 2",)),
    ("2**n", ">", "n**2", ("n >= 5",), ("n**3",)),
    ("Sum(1/k**2, (k, 1, n))", "<=", "2 - 1/n", N1, ("R(3, 2)",)),
    ("binomial(n, k)", ">", "0", K, ("1",)),
    ("factorial(n)", ">=", "1", N0, ("2",)),
    ("harmonic(n)", ">=", "1", N1, ("R(3, 2)",)),
    ("Sum(1/k, (k, 1, n))", "<=", "n", N1, ("n - 1",)),
    ("n*factorial(n)", "<", "factorial(n + 1)", N0, ("factorial(n)",)),
    ("2**(n + 1)", "<=", "3**n + 1", N0, ("3**n",)),
]

SERIES: list[Row] = [
    ("Sum(1/(k*(k + 1)), (k, 1, oo))", "=", "1", (), ()),
    ("Sum(1/2**k, (k, 0, oo))", "=", "2", (), ()),
    ("Sum(1/(k*(k + 1)*(k + 2)), (k, 1, oo))", "=", "R(1, 4)", (), ()),
    ("Sum(k/2**k, (k, 1, oo))", "=", "2", (), ()),
    ("Sum((2*k + 1)/(k**2*(k + 1)**2), (k, 1, oo))", "=", "1", (), ()),
]

FAMILIES: dict[str, list[Row]] = {
    "gamma": GAMMA, "binomial": BINOMIAL, "powers": POWERS, "divisible": DIVISIBLE, "fibonacci": FIBONACCI,
    "sums": SUMS, "binomial sums": BINOMIAL_SUMS, "products": PRODUCTS, "inequalities": INEQUALITIES,
    "series": SERIES,
}
ROWS = [row for rows in FAMILIES.values() for row in rows]

#: False, or not true as stated, at the points a careless rule forgets; never proved, refuted where "refuted".
ATTACKS: list[tuple[str, str, str, tuple[str, ...], str]] = [
    ("binomial(n + k - 1, k)", "=", "binomial(n + k - 1, n - 1)", ("n >= 0", "k >= 0"), "refuted"),     # n = k = 0
    ("binomial(n, k)", "=", "binomial(n, n - k)", (), "refuted"),                                       # n < 0
    ("binomial(n, n - 1)", "=", "n", (), "refuted"),                                                    # n < 0
    ("Sum((-1)**k*binomial(n, k), (k, 0, n))", "=", "0", N0, "refuted"),                                # n = 0
    ("Sum(k, (k, m, n))", "=", "(n - m + 1)*(n + m)/2", (), "refuted"),                                 # reversed
    ("Sum(k, (k, 1, n))", "=", "n*(n + 1)/2", (), "refuted"),                                           # n < -1
    ("Sum(2**k, (k, 0, n))", "=", "2**(n + 1) - 1", (), "refuted"),
    ("Sum(k/n, (k, 1, n))", "=", "(n + 1)/2", N0, "refuted"),                                           # n = 0: 0
    ("Sum(k, (k, 1, n))", "=", "(n**4 + n**2)/(2*n**3 - 2*n**2 + 2*n)*n", N1, "refuted"),
    ("Sum(x**k, (k, 0, n))", "=", "(n + 1)*x", N0, "refuted"),
    ("Product(k, (k, m, n))", "=", "factorial(n)/factorial(m - 1)", ("n >= 0",), "any"),                # m > n + 1
    ("Product(k, (k, 1, n))", "=", "factorial(n)", (), "any"),                                          # condition n >= 0
    ("fibonacci(n)", ">=", "0", (), "refuted"),                                                         # n < 0
    ("2**n", ">", "n**2", N1, "refuted"),                                                               # 2, 3, 4
    ("2**n", ">", "n**2 - 1", ("n >= 0", "n <= 6"), "any"),
    ("factorial(n)", ">=", "2**n", N0, "refuted"),                                                      # 1, 2, 3
    ("(1 + x)**n", ">=", "1 + n*x", N0, "refuted"),                                                     # x < -1, n odd
    ("(x*y)**n", "=", "x**n*y**n", (), "any"),
    ("0**n", "=", "0", N0, "refuted"),                                                                  # 0^0 = 1
    ("x**n*x**(-n)", "=", "1", (), "any"),
    ("(-1)**(n*m)", "=", "(-1)**(n + m)", (), "refuted"),
    ("cos(pi*n*x)", "=", "(-1)**(n*x)", (), "any"),
    ("floor(n/2)", "=", "n/2", (), "refuted"),
    ("floor(-n/2)", "=", "-floor(n/2)", (), "refuted"),
    ("Mod(-n, 3)", "=", "-Mod(n, 3)", (), "refuted"),
    ("Mod(2**n, 4)", "=", "0", N1, "refuted"),                                                          # n = 1
    ("Mod(2**n, 3)", "=", "1", ("Eq(Mod(n, 3), 0)", "n >= 0"), "refuted"),                              # n = 3
    ("Mod(n**2, 3)", "=", "1", (), "refuted"),
    ("gamma(n)*gamma(3 - n)", "=", "2*pi/sin(pi*n)", (), "any"),
    ("harmonic(n)", "=", "Sum(1/k, (k, 1, n - 1)) + 1/n", N0, "any"),
    ("Sum(1/k, (k, -1, n))", "=", "harmonic(n) - 1", N0, "any"),                                        # pole in the range
    ("Sum(1/(k*(k + 1)), (k, -2, n))", "=", "R(1, 2) - 1/(n + 1)", N0, "any"),                          # pole in the range
    ("Sum(binomial(n, k), (k, 0, m))", "=", "2**n", ("n >= 0", "m >= 0"), "refuted"),                   # m < n
    ("Sum(k*binomial(n, k), (k, 0, n))", "=", "n*2**(n - 1) + 0**n", N0, "refuted"),                    # n = 0
    ("rf(x, n)", "=", "gamma(x + n)/gamma(x)", N0, "any"),
    ("rf(x, n)*rf(x + n, m)", "=", "rf(x, m + n) + 0**n", ("n >= 0", "m >= 0"), "refuted"),
    ("binomial(x, k)", "=", "binomial(x, x - k)", ("k >= 0",), "any"),
    ("Sum(1, (k, n, m))", "=", "m - n + 1", (), "refuted"),
    ("Sum(x**k, (k, 1, oo))", "=", "x/(1 - x)", (), "any"),
    ("Sum(1/k, (k, 1, oo))", "=", "2", (), "any"),
    ("Sum((-1)**k, (k, 0, oo))", "=", "R(1, 2)", (), "any"),
    ("Product(1 - 1/k, (k, 1, n))", "=", "1/n", N1, "refuted"),                                         # first factor 0
    ("Product(k - 3, (k, 1, n))", "=", "factorial(n - 3)", ("n >= 3",), "refuted"),                     # a factor 0
    ("Product(0, (k, 1, n))", "=", "0", N0, "refuted"),                                                 # empty
    ("fibonacci(x)", "=", "(((1 + sqrt(5))/2)**x - cos(pi*x)*((1 + sqrt(5))/2)**(-x))/sqrt(5)", (), "any"),
]
