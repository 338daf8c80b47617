"""The list of clients."""

from cases.lists import clients
from core.lists.pages import list_view

client_list = list_view(clients)
