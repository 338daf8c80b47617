"""What the stations app offers the frame."""

from core import registries
from stations import actors
from stations.queries import credentials


def register() -> None:
    registries.actor_for_request.register("session", actors.actor_from_session)
    registries.actor_for_ids.register("membership", actors.actor_by_ids)
    finder = registries.CredentialFinder(credentials.find_credential, credentials.actor_of_credential)
    registries.actor_for_token.register("token", finder)
