let context: AudioContext | undefined

/** A short high tone for what went well, a long low one for what did not: hands are full, eyes are on the box. */
export function beep(kind: 'good' | 'bad'): void {
  try {
    context ??= new AudioContext()
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = kind === 'good' ? 1320 : 220
    volume.gain.value = 0.08
    tone.connect(volume).connect(context.destination)
    tone.start()
    tone.stop(context.currentTime + (kind === 'good' ? 0.09 : 0.4))
  } catch {
    // A browser without sound scans all the same.
  }
}
