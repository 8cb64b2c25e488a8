-- Touches of every channel → events. Their times carry a zone (UTC), so the workspace's plays no part.
--
-- Visitors who are not logged in have a device only; a row with both ids tells whose device it is.
SELECT
    "time"     AS time,
    "behavior" AS behavior,
    "user"     AS id_user_id,
    "device"   AS id_device,
    "channel"  AS channel,
    "shop"     AS shop,
    "brand"    AS brand,  -- only where no shop is involved; a shop's brand is in the catalogue
    "category" AS category,
    "campaign" AS campaign
FROM input
