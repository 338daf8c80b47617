"""Rules as dated data: `known.register_rule` declares, `queries.rule_value` reads, `services.set_rule` enters."""
