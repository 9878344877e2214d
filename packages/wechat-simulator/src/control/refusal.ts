/** The desk cannot do what was asked; the message says why in a person's words. */
export class ControlRefusal extends Error {
  readonly statusCode: number

  constructor(message: string, statusCode = 404) {
    super(message)
    this.statusCode = statusCode
  }
}
