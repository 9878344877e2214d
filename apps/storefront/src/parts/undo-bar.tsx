import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Tap, Text, View } from '@kit'
import './undo-bar.css'

const SHOWN_MS = 8_000

interface Undoable {
  text: string
  undo: () => void
}

/** What was just done, and a way to take it back for a few seconds. */
export function useUndo(): { offer: (what: Undoable) => void; bar: JSX.Element | null } {
  const [shown, setShown] = useState<Undoable | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hide = () => {
    clearTimeout(timer.current)
    setShown(undefined)
  }
  const offer = (what: Undoable) => {
    clearTimeout(timer.current)
    setShown(what)
    timer.current = setTimeout(() => setShown(undefined), SHOWN_MS)
  }
  const bar = shown ? (
    <View className="zg-undo" role="status" testId="undo-bar">
      <Text className="zg-grow">{shown.text}</Text>
      <Tap
        className="zg-undo-key"
        testId="undo"
        onTap={() => {
          hide()
          shown.undo()
        }}
      >
        撤销
      </Tap>
    </View>
  ) : null
  return { offer, bar }
}
