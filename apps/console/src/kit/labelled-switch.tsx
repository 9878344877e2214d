import { Switch } from 'antd'
import { useId } from 'react'

interface Props {
  text: string
  checked: boolean
  onChange: (checked: boolean) => void
}

/** A switch with its words beside it: a tap on the words is a tap on the switch. */
export function LabelledSwitch({ text, checked, onChange }: Props) {
  const id = useId()
  return (
    <span className="labelled">
      <Switch id={id} size="small" checked={checked} onChange={onChange} />
      <label htmlFor={id}>{text}</label>
    </span>
  )
}
