// When something is computed or looked at again by itself, as it is written.

export const REFRESH = /^(hourly|continuous|daily \d{2}:\d{2}|weekly (mon|tue|wed|thu|fri|sat|sun) \d{2}:\d{2}|monthly \d{1,2} \d{2}:\d{2})$/
export const USUAL_REFRESH = ['daily 05:00', 'weekly mon 05:00', 'monthly 1 05:00']
