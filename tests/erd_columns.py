"""The entities of the Common Core ERD v1.1 and their columns, under their published names."""

ERD = {
    "child": ("id", "local_identifier"),
    "referral": (
        "id",
        "placement_needed_date",
        "placement_location_preferred",
        "placement_type_preferred",
        "child_in_school_currently",
        "child_to_continue_to_attend_school",
        "minimum_adult_support_ratio",
        "number_siblings_to_place_together",
        "child_cared_alongside_others",
        "child_live_with_pets",
        "referral_date",
    ),
    "placement": ("id", "placement_location", "placement_type"),
    "placement_type": (
        "id",
        "planned_or_emergency_placement",
        "foster_care_suitability",
        "residential_care_suitability",
        "supported_home_suitability",
    ),
    "important_location": (
        "id",
        "family_location",
        "school_location",
        "primary_home_location",
        "preferred_home_location",
        "home_search_close_to_family",
        "other_location_to_vist_regularly",
        "frequency_of_visit_to_other_locations",
        "location_to_avoid",
        "place_of_worship",
    ),
    "needs": (
        "id",
        "comms_language_learning_req",
        "specific_comms_language_req",
        "adaptation_to_home",
        "cultural_needs",
        "additional_provision_by_home_to_child",
        "specify_additional_provision_by_home_to_child",
    ),
    "risks": (
        "id",
        "risk_to_child_sexual_exploitation",
        "risk_to_child_self_harm",
        "risk_to_child_criminal_exploitation",
        "risk_to_child_drugs_alcohol",
        "risk_to_child_eating_disorder",
        "risk_to_child_going_missing",
        "risk_to_child_specify",
        "risk_to_others_physical_harm",
        "risk_to_others_sexual_harm",
        "risk_to_others_fire_setting",
        "risk_to_others_harm_animals",
        "risk_to_others_criminal_exploitation",
        "risk_to_others_specify",
    ),
    "finance": ("id", "total_planned_weekly_cost"),
    "form": ("name_officer_form_filled", "form_filled"),
}

# The ERD types these as boolean, the standards ask them with three or more answers.
OPTIONS_WITH_BOOLEAN = {
    "referral": (
        "child_in_school_currently",
        "minimum_adult_support_ratio",
        "number_siblings_to_place_together",
        "child_live_with_pets",
    ),
    "placement_type": ERD["placement_type"][2:],
    "needs": ("comms_language_learning_req", "cultural_needs"),
    "risks": tuple(c for c in ERD["risks"] if c != "id" and not c.endswith("_specify")),
}

# They exist in the hub, are null there, and a boolean says whether they were given.
STAYS_IN_THE_LA = {
    "child": ("local_identifier",),
    "form": ("name_officer_form_filled",),
    "important_location": (
        "other_location_to_vist_regularly",
        "location_to_avoid",
        "place_of_worship",
    ),
    "risks": ("risk_to_child_specify", "risk_to_others_specify"),
}
