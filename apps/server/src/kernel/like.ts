/** A text as a part of a pattern of `like`: what means something there stands for itself. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** The pattern of `like` for everything that holds a text. */
export const containing = (text: string): string => `%${escapeLike(text)}%`
