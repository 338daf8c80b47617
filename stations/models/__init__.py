"""Records of the field."""

from stations.models.credential import ApiCredential
from stations.models.installation import Installation
from stations.models.membership import Grant, Membership, MembershipStation
from stations.models.organisation import Organisation
from stations.models.region import Region, RegionCount
from stations.models.station import Station, StationOperator, StationProfile, StationStatusChange
from stations.models.worker import Worker

__all__ = [
    "ApiCredential",
    "Grant",
    "Installation",
    "Membership",
    "MembershipStation",
    "Organisation",
    "Region",
    "RegionCount",
    "Station",
    "StationOperator",
    "StationProfile",
    "StationStatusChange",
    "Worker",
]
