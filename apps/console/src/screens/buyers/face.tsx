import { Avatar } from 'antd'

/** A buyer's picture, or the first character of the nickname. */
export function Face({ url, nickname, size = 36 }: { url: string | null; nickname: string; size?: number }) {
  return (
    <Avatar className="buyer-face" size={size} src={url ?? undefined} alt="">
      {nickname.slice(0, 1)}
    </Avatar>
  )
}
