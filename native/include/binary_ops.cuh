// Elementwise functions of two float tensors with broadcasting: BINARY(name, value of a and b).
BINARY(add, a + b)
BINARY(subtract, a - b)
BINARY(multiply, a * b)
BINARY(divide, a / b)
BINARY(maximum, b > a || (b != b && a == a) ? b : a)
BINARY(minimum, b < a || (b != b && a == a) ? b : a)
BINARY(greater_equal, a >= b ? T(1) : a < b ? T(0) : a + b)
BINARY(broadcast, a)
