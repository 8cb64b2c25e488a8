-- One row per consumer, dated; each column beside the identifiers and the time is a tag.
SELECT
    "id_user_id", "id_anonymous_id", "time", "gender", "age_band", "city_tier", "interests",
    "price_sensitivity", "member_level"
FROM input
