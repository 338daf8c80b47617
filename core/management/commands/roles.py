"""Make the database's roles and what they may do in this database.

Roles belong to the whole cluster, so they stand outside the migrations. Run once by whoever may create roles (the local
stack runs it as its superuser through ADMIN_DATABASE_URL); run again, it changes nothing. `--sql` prints it for a DBA.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

import environ
import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand
from psycopg2 import sql

# NOINHERIT: a login holds a reach role's rights only after SET ROLE, which the scope of a transaction does.
LOGINS = {"owner": "NOINHERIT CREATEDB", "web": "NOINHERIT", "job": "NOINHERIT", "backup": "NOINHERIT BYPASSRLS"}
GROUPS = {"reach_range": "NOLOGIN", "reach_list": "NOLOGIN", "guard": "NOLOGIN BYPASSRLS"}
READERS_AND_WRITERS = "qianshou_web, qianshou_job, reach_range, reach_list"

RIGHTS = f"""
GRANT reach_range, reach_list TO qianshou_owner, qianshou_web, qianshou_job;
GRANT guard TO qianshou_owner;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {{database}} TO qianshou_owner;
GRANT CONNECT ON DATABASE {{database}} TO qianshou_web, qianshou_backup;
GRANT CONNECT, TEMPORARY ON DATABASE {{database}} TO qianshou_job;
GRANT USAGE, CREATE ON SCHEMA public TO qianshou_owner;
GRANT USAGE ON SCHEMA public TO {READERS_AND_WRITERS}, qianshou_backup, guard;
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {READERS_AND_WRITERS};
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} GRANT USAGE, SELECT ON SEQUENCES TO {READERS_AND_WRITERS};
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} GRANT SELECT ON TABLES TO qianshou_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} GRANT SELECT ON SEQUENCES TO qianshou_backup;
ALTER DATABASE {{database}} SET synchronous_commit = on;
"""


def passwords() -> dict[str, str]:
    """Login → password, as the URLs name them; empty where the server asks for none."""
    found = {}
    for role, url in settings.DATABASE_URLS.items():
        parts = urlsplit(url)
        if parts.username == f"qianshou_{role}":
            found[f"qianshou_{role}"] = unquote(parts.password or "")
    return found


class Command(BaseCommand):
    help = "Make the database's roles and rights (owner, web, job, backup; reach_range, reach_list, guard)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--sql", action="store_true", help="print the statements instead of running them")

    def handle(self, *args: Any, **options: Any) -> None:
        url = environ.Env()("ADMIN_DATABASE_URL", default=settings.DATABASE_URLS["owner"])
        login = environ.Env.db_url_config(url)
        owner = settings.DATABASES["default"]["USER"] or "qianshou_owner"
        database = settings.DATABASES["default"]["NAME"]
        connection = psycopg2.connect(
            dbname=database,
            user=login["USER"],
            password=login["PASSWORD"] or None,
            host=login["HOST"] or login.get("OPTIONS", {}).get("host") or None,
            port=login["PORT"] or None,
        )
        connection.autocommit = True
        with connection, connection.cursor() as cursor:
            for statement in self.statements(cursor, owner=owner, database=database):
                if options["sql"]:
                    self.stdout.write(statement.as_string(cursor))
                else:
                    cursor.execute(statement)
        connection.close()

    def statements(self, cursor: Any, *, owner: str, database: str) -> list[sql.Composable]:
        cursor.execute("SELECT rolname FROM pg_roles")
        existing = {name for (name,) in cursor.fetchall()}
        made: list[sql.Composable] = []
        for role, attributes in LOGINS.items():
            made.append(self.role(f"qianshou_{role}", f"LOGIN {attributes}", existing))
        for role, attributes in GROUPS.items():
            made.append(self.role(role, attributes, existing))
        for role, password in passwords().items():
            if password:
                made.append(sql.SQL("ALTER ROLE {} PASSWORD {};").format(sql.Identifier(role), sql.Literal(password)))
        rights = RIGHTS.format(database='"' + database + '"', owner='"' + owner + '"')
        made += [sql.SQL(line + ";") for line in rights.split(";") if line.strip()]
        return made

    def role(self, name: str, attributes: str, existing: set[str]) -> sql.Composable:
        verb = "ALTER" if name in existing else "CREATE"
        return sql.SQL(f"{verb} ROLE {{}} {attributes};").format(sql.Identifier(name))
