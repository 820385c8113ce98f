"""Keys made once a test process: making an RSA key takes as long as a hundred tests need it."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.keystore import KeyMissing, PrivateKey

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = Ed25519PrivateKey.generate()


class SessionStore:
    """A key store of the host's own, as ``LMS["KEY_STORE"]`` may name one."""

    def read(self, kid: str) -> PrivateKey:
        raise KeyMissing(f"{kid} is not here")

    def write(self, kid: str, key: PrivateKey) -> None:
        raise KeyMissing("this store takes no keys")

    def delete(self, kid: str) -> None:
        raise KeyMissing("this store drops no keys")

    def provided(self) -> list[PrivateKey]:
        return [ED25519, RSA]
