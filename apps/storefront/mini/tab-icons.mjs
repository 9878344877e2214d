// Draws the icons of WeChat's tab bar (81 px, one per tab, state and theme) from the storefront's line icons.
// Run after a change of icons or colours: node tab-icons.mjs
import fs from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'

const ICONS = { home: 'home', category: 'list', cart: 'cart', orders: 'box', me: 'user' }
const COLOURS = {
  light: { plain: '#66696f', chosen: '#c23e00' },
  dark: { plain: '#a3a7ae', chosen: '#ff9557' },
}
const SIZE_PX = 81

const here = import.meta.dirname
const css = fs.readFileSync(path.join(here, '../src/kit/icons.css'), 'utf8')
const target = path.join(here, 'src/assets/tab')
fs.mkdirSync(target, { recursive: true })
for (const [tab, icon] of Object.entries(ICONS)) {
  const [, encoded] = new RegExp(`\\.zg-icon-${icon} \\{[^}]*url\\("data:image/svg\\+xml,([^"]+)"\\)`).exec(css) ?? []
  if (!encoded) throw new Error(`No icon ${icon} in icons.css`)
  for (const [theme, colours] of Object.entries(COLOURS))
    for (const [state, colour] of Object.entries(colours)) {
      const svg = decodeURIComponent(encoded).replaceAll("'", '"').replaceAll('#000', colour)
      const file = path.join(target, `${tab}-${state}-${theme}.png`)
      await sharp(Buffer.from(svg), { density: 600 }).resize(SIZE_PX, SIZE_PX).png({ compressionLevel: 9 }).toFile(file)
    }
}
