"""What the stations app offers the frame."""

from accounts.queries.reach import account_in_reach
from core import registries
from stations import actors
from stations.queries import credentials, memberships


def register() -> None:
    registries.actor_for_request.register("session", actors.actor_from_session)
    registries.actor_for_ids.register("membership", actors.actor_by_ids)
    finder = registries.CredentialFinder(credentials.find_credential, credentials.actor_of_credential)
    registries.actor_for_token.register("token", finder)
    account_in_reach.register("membership", memberships.is_manageable)
