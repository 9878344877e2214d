import type { JSX } from 'preact'

/** A QR code that our own server drew. Shown as a picture, so that nothing in it can run. */
export const QrCode = ({ svg, label }: { svg: string; label: string }): JSX.Element => (
  <img class="zg-qr" src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} alt={label} width="220" height="220" />
)
