"""Choices of the field: territory, organisations, stations, workers."""

from django.db.models import TextChoices


class RegionLevel(TextChoices):
    PROVINCE = "province", "省级"
    CITY = "city", "地级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"
    COMMUNITY = "community", "村（社区）"


# The code's length is the level: 2, 4, 6, 9 and 12 digits (standards §1.3).
LEVEL_OF_LENGTH = {
    2: RegionLevel.PROVINCE,
    4: RegionLevel.CITY,
    6: RegionLevel.COUNTY,
    9: RegionLevel.TOWNSHIP,
    12: RegionLevel.COMMUNITY,
}


class OrganisationKind(TextChoices):
    SERVICE = "service", "社会服务机构（民办非企业单位）"
    FOUNDATION = "foundation", "基金会"
    ASSOCIATION = "association", "社会团体"
    GOVERNMENT = "government", "党政机关"
    MASS = "mass", "群团组织"
    ENTERPRISE = "enterprise", "企业"
    INSTITUTION = "institution", "事业单位"
    OTHER = "other", "其他"


class StationKind(TextChoices):
    STATION = "station", "社工站"
    POINT = "point", "服务点"
    ROOM = "room", "社工室"


class StationStatus(TextChoices):
    PREPARING = "preparing", "筹建"
    RUNNING = "running", "运行"
    PAUSED = "paused", "暂停"
    CLOSED = "closed", "撤销"


STATUS_MOVES = {
    StationStatus.PREPARING: {StationStatus.RUNNING, StationStatus.CLOSED},
    StationStatus.RUNNING: {StationStatus.PAUSED, StationStatus.CLOSED},
    StationStatus.PAUSED: {StationStatus.RUNNING, StationStatus.CLOSED},
    StationStatus.CLOSED: set(),
}


class OperatorRole(TextChoices):
    OPERATOR = "operator", "承接运营"
    SUPERVISING = "supervising", "督导支持"


class Certificate(TextChoices):
    NONE = "none", "未持证"
    ASSISTANT = "assistant", "助理社会工作师"
    SOCIAL_WORKER = "social_worker", "社会工作师"
    SENIOR = "senior", "高级社会工作师"


class Employment(TextChoices):
    ACTIVE = "active", "在岗"
    LEFT = "left", "已离岗"
