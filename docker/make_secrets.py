"""Makes `secrets/` for docker-compose.yml: random passwords and the addresses that use them.

Never overwrites a file. The certificate and its key are yours: put them beside the others as
tls_certificate and tls_key.
"""

import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "secrets"


def keep(name: str, text: str) -> str:
    """The secret of this name, made only if it is not there yet.

    The folder is closed to everybody else; the files are readable, since each container sees only
    its own secrets and runs as a user of its own.
    """
    path = FOLDER / name
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        path.chmod(0o444)
    return path.read_text(encoding="utf-8")


def main() -> None:
    """Letters and digits only, so that a password needs no quoting in an address."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    keep("secret_key", secrets.token_urlsafe(64))
    owner = keep("owner_password", secrets.token_hex(24))
    app = keep("app_password", secrets.token_hex(24))
    broker = keep("broker_password", secrets.token_hex(24))
    keep("database_url", f"postgresql://app:{app}@postgres:5432/hanoi")
    keep("database_owner_url", f"postgresql://owner:{owner}@postgres:5432/hanoi")
    keep("redis_url", f"redis://:{broker}@valkey:6379/0")
    never_lose = "appendonly yes\nmaxmemory 256mb\nmaxmemory-policy noeviction\n"
    keep("valkey.conf", f"requirepass {broker}\n{never_lose}")
    keep("email_host_password", "")


if __name__ == "__main__":
    main()
