-- coupon_redemptions.csv, one row per redeemed coupon → coupon_redeem.
-- Needs --with campaign_descriptions=campaign_descriptions.csv for the campaign's type.
SELECT
    redeemed."redemption_date"                                AS time,
    'coupon_redeem'                                           AS behavior,
    CAST(redeemed."household_id" AS VARCHAR)                  AS id_household_id,
    'crm'                                                     AS channel,
    CAST(redeemed."campaign_id" AS VARCHAR)                   AS campaign,
    descriptions."campaign_type"                              AS campaign_type,
    CAST(redeemed."coupon_upc" AS VARCHAR)                    AS coupon_upc
FROM input AS redeemed
JOIN campaign_descriptions AS descriptions ON descriptions."campaign_id" = redeemed."campaign_id"
