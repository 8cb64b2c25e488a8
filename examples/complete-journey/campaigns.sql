-- campaigns.csv, one row per household and campaign → the household was reached when the campaign began.
-- Needs --with campaign_descriptions=campaign_descriptions.csv for its type and dates.
SELECT
    descriptions."start_date"                                 AS time,
    'impression'                                              AS behavior,
    CAST(target."household_id" AS VARCHAR)                    AS id_household_id,
    'crm'                                                     AS channel,  -- how they were reached is not told
    CAST(target."campaign_id" AS VARCHAR)                     AS campaign,
    descriptions."campaign_type"                              AS campaign_type
FROM input AS target
JOIN campaign_descriptions AS descriptions ON descriptions."campaign_id" = target."campaign_id"
