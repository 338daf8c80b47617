"""Choices of the service records."""

from django.db.models import TextChoices


class Category(TextChoices):
    """Client categories, standards §3.1 (穗府办〔2023〕7号 art. 4 and additions); each dated and with evidence."""

    DIBAO = "dibao", "低保对象"
    TEKUN = "tekun", "特困人员"
    DIBAO_EDGE = "dibao_edge", "低保边缘家庭成员"
    EXPENSE = "expense", "支出型困难家庭成员"
    RIGID = "rigid", "刚性支出困难家庭成员"
    DISABLED = "disabled", "残疾人"
    VAGRANT = "vagrant", "流浪乞讨人员"
    LEFT_BEHIND_CHILD = "left_behind_child", "农村留守儿童"
    CHILD_IN_NEED = "child_in_need", "困境儿童"
    ORPHAN = "orphan", "孤儿"
    DE_FACTO_ORPHAN = "de_facto_orphan", "事实无人抚养儿童"
    SINGLE_MOTHER = "single_mother", "单身特困母亲"
    LEFT_BEHIND_WOMAN = "left_behind_woman", "农村留守妇女"
    ELDER_ALONE = "elder_alone", "独居老年人"
    ELDER_EMPTY_NEST = "elder_empty_nest", "空巢老年人"
    ELDER_LEFT_BEHIND = "elder_left_behind", "留守老年人"
    ELDER_NO_KIN = "elder_no_kin", "孤寡老年人"
    ELDER_FRAIL = "elder_frail", "失能老年人"
    ELDER_DISABLED = "elder_disabled", "重残老年人"
    ELDER_FAMILY_PLANNING = "elder_family_planning", "计划生育特殊家庭老年人"
    POVERTY_WATCH = "poverty_watch", "防止返贫监测对象"
    LOW_INCOME_WATCH = "low_income_watch", "低收入退出监测对象"
    CORRECTION = "correction", "社区矫正对象"
    REHABILITATION = "rehabilitation", "戒毒康复人员"
    MENTAL = "mental", "精神障碍患者"
    VETERAN = "veteran", "优抚对象"
    OTHER = "other", "其他"


class Relation(TextChoices):
    """Relation to the head of the household (GB/T 4761, shortened)."""

    SELF = "self", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    GRANDCHILD = "grandchild", "孙子女"
    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他"


class ClientState(TextChoices):
    ACTIVE = "active", "在册"
    WITHDRAWN = "withdrawn", "已撤回"
    MERGED = "merged", "已合并"
    ERASED = "erased", "已依法清除"


class ConsentPurpose(TextChoices):
    """What the person, or the guardian of a child under 14, agreed to (PIPL art. 28, 29, 31)."""

    SERVICE = "service", "服务协议与知情同意"
    SENSITIVE = "sensitive", "敏感个人信息处理"
    PHOTO = "photo", "照片使用"


class ConsentGiver(TextChoices):
    SELF = "self", "本人"
    GUARDIAN = "guardian", "监护人"
