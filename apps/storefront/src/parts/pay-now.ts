/** Holds the order that was just placed: its payment starts by itself, once. */
export const PAY_NOW_KEY = 'zg.pay-now'
