const BP_PER_PERCENT = 100

/** A share in words, from basis points: 500 → "5%", 1250 → "12.5%". */
export const percentText = (bp: number, decimals = 2): string => `${Number((bp / BP_PER_PERCENT).toFixed(decimals))}%`
