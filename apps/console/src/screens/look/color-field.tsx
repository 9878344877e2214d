import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import { CONTROL_CONTRAST, type HexColor, isHexColor, judgeColor, TEXT_CONTRAST } from '@zhanggui/contract/theme'
import { Alert, Button, ColorPicker, Input, Space } from 'antd'
import { useState } from 'react'
import { t } from '../../i18n/index.ts'

interface Props {
  label: string
  help: string
  value: HexColor
  /** Colours to begin from; all of them can be read. */
  presets: readonly HexColor[]
  disabled: boolean
  onChange: (color: HexColor) => void
}

/** A colour of the shop, with what it does to the eye: whether it can be read, and a proposal where it cannot. */
export function ColorField({ label, help, value, presets, disabled, onChange }: Props) {
  const [typed, setTyped] = useState<string>()
  const { words, around, isReadable, proposal } = judgeColor(value)
  const type = (text: string) => {
    const color = `#${text.trim().replace(/^#/, '').toLowerCase()}`
    setTyped(text)
    if (isHexColor(color)) onChange(color)
  }
  return (
    <fieldset className="look-color">
      <legend className="strong">{label}</legend>
      <p className="soft small">{help}</p>
      <Space.Compact>
        <ColorPicker
          value={value}
          disabled={disabled}
          disabledAlpha
          presets={[{ label: t('look.presets'), colors: [...presets] }]}
          onChangeComplete={(color) => {
            setTyped(undefined)
            onChange(color.toHexString().slice(0, 7).toLowerCase() as HexColor)
          }}
        />
        <Input
          className="look-hex num"
          aria-label={t('look.hex', { label })}
          disabled={disabled}
          maxLength={7}
          value={typed ?? value}
          onBlur={() => setTyped(undefined)}
          onChange={({ target }) => type(target.value)}
        />
      </Space.Compact>
      <ul className="plain look-checks">
        <Check isGood={words >= TEXT_CONTRAST} good={t('look.wordsClear')} bad={t('look.wordsFaint')} />
        <Check isGood={around >= CONTROL_CONTRAST} good={t('look.standsOut')} bad={t('look.standsBack')} />
      </ul>
      {!isReadable && (
        <Alert
          type="error"
          showIcon
          title={t('look.unreadable')}
          action={
            <Button size="small" disabled={disabled} onClick={() => onChange(proposal)}>
              <span className="look-swatch" style={{ background: proposal }} /> {t('look.useProposal', { proposal })}
            </Button>
          }
        />
      )}
    </fieldset>
  )
}

function Check({ isGood, good, bad }: { isGood: boolean; good: string; bad: string }) {
  return (
    <li className={isGood ? 'green small' : 'red small'}>
      {isGood ? <CheckCircleOutlined /> : <CloseCircleOutlined />} {isGood ? good : bad}
    </li>
  )
}
