"""Between questions as files say them and items as a bank keeps them."""
