-- The shop's customer file → tags, one column per tag. An empty cell is no tag at all.
SELECT
    CAST("CustomerID" AS VARCHAR)                             AS id_user_id,
    NULLIF("gender", '')                                      AS gender,
    CAST(NULLIF(CAST("city_tier" AS VARCHAR), '') AS INT)     AS city_tier,
    CAST(NULLIF(CAST("birthday" AS VARCHAR), '') AS DATE)     AS birthday,
    string_to_array(NULLIF("interests", ''), '|')             AS interests  -- several values
FROM input
