import { randomBytes } from 'node:crypto'

/** A refusal of api.weixin.qq.com: HTTP 200 with errcode and errmsg (facts §2). */
export class OpenRefusal extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }

  body(): { errcode: number; errmsg: string } {
    const rid = `${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`
    return { errcode: this.errcode, errmsg: `${this.message} rid: ${rid}` }
  }
}
