// Elementwise functions of two float tensors with broadcasting: BINARY(name, value of a and b).
BINARY(add, a + b)
BINARY(subtract, a - b)
BINARY(multiply, a * b)
BINARY(divide, a / b)
BINARY(broadcast, a)
