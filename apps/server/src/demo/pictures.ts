import sharp from 'sharp'

/** The field that is drawn on, and how large the first picture of a product is made, and its further ones. */
const SIZE = 1080
const FIRST_PX = 800
const FURTHER_PX = 560

/** Colours of a picture: background top and bottom, the thing, its shade, and an accent. */
export type Palette = readonly [string, string, string, string, string]

export const PALETTES: Record<string, Palette> = {
  tea: ['#eef4ec', '#cfe0cb', '#5d8a66', '#436b4c', '#d9a441'],
  coffee: ['#f5ede4', '#e0cbb5', '#8a5a3b', '#643d25', '#e8b36b'],
  honey: ['#fff6e0', '#fbdf9f', '#eda921', '#c98411', '#7a4d12'],
  clay: ['#f7efe9', '#e7cfc0', '#c97b5a', '#a45c3f', '#4e6e6b'],
  sky: ['#eef4fa', '#cbdff0', '#5b8fc0', '#3f6f9e', '#f0b04f'],
  berry: ['#fbeef0', '#f2c9d1', '#cf5c74', '#a93f57', '#5d8a66'],
  citrus: ['#fff3e4', '#ffd9a8', '#f28a2e', '#d26d16', '#4f8a4b'],
  stone: ['#f3f3f1', '#d9d9d4', '#8d8f8a', '#6b6d68', '#c97b5a'],
}

type Draw = (c: Palette) => string

/** Things a shop sells, drawn on a 1080 × 1080 field without letters: fonts differ from machine to machine. */
const SHAPES = {
  tin: ([, , body, shade, accent]: Palette) => `
    <rect x="340" y="380" width="400" height="440" rx="36" fill="${body}"/><rect x="620" y="380" width="120" height="440" rx="36" fill="${shade}" opacity=".55"/>
    <rect x="320" y="310" width="440" height="96" rx="30" fill="${shade}"/><rect x="420" y="490" width="240" height="200" rx="20" fill="#fffdf7"/>
    <path d="M540 520c62 40 62 100 0 140c-62-40-62-100 0-140z" fill="${accent}"/><path d="M540 530v124" stroke="#fffdf7" stroke-width="6"/>`,
  cup: ([, , body, shade, accent]: Palette) => `
    <path d="M330 430h380v190a190 190 0 0 1-190 190a190 190 0 0 1-190-190z" fill="${body}"/><path d="M610 430h100v190a190 190 0 0 1-150 186a300 300 0 0 0 50-186z" fill="${shade}" opacity=".5"/>
    <path d="M710 470h50a85 85 0 0 1 0 170h-62" fill="none" stroke="${shade}" stroke-width="40"/><ellipse cx="520" cy="430" rx="190" ry="44" fill="${accent}"/>
    <path d="M450 350c-30-40 30-70 0-115M540 350c-30-40 30-70 0-115" fill="none" stroke="${shade}" stroke-width="16" stroke-linecap="round" opacity=".35"/><rect x="300" y="810" width="440" height="26" rx="13" fill="${shade}" opacity=".4"/>`,
  bag: ([, , body, shade, accent]: Palette) => `
    <path d="M350 330h380l30 500a30 30 0 0 1-30 32H350a30 30 0 0 1-30-32z" fill="${body}"/><path d="M350 330h380l-12-70H362z" fill="${shade}"/>
    <path d="M620 330h110l30 500a30 30 0 0 1-30 32h-60z" fill="${shade}" opacity=".45"/><circle cx="520" cy="580" r="110" fill="#fffdf7"/>
    <path d="M470 620c0-90 40-120 100-130c10 90-20 130-100 130z" fill="${accent}"/>`,
  jar: ([, , body, shade, accent]: Palette) => `
    <rect x="390" y="290" width="300" height="90" rx="20" fill="${shade}"/><path d="M370 380h340q60 60 60 140v240q0 90-90 90H400q-90 0-90-90V520q0-80 60-140z" fill="${body}"/>
    <path d="M660 380h50q60 60 60 140v240q0 90-90 90h-40q60-40 60-110V500q0-70-40-120z" fill="${shade}" opacity=".45"/>
    <rect x="390" y="520" width="260" height="200" rx="24" fill="#fffdf7"/><path d="M520 545l56 32v66l-56 32l-56-32v-66z" fill="${accent}"/>`,
  bowl: ([, , body, shade, accent]: Palette) => `
    <path d="M260 500h560a280 280 0 0 1-200 268v52H460v-52a280 280 0 0 1-200-268z" fill="${body}"/><path d="M680 500h140a280 280 0 0 1-200 268v52h-70q130-110 130-320z" fill="${shade}" opacity=".5"/>
    <ellipse cx="540" cy="500" rx="280" ry="62" fill="#fffdf7"/><path d="M330 496c60-60 100 30 160-16s100 40 170-4s70 20 90 14" fill="none" stroke="${accent}" stroke-width="24" stroke-linecap="round"/>
    <path d="M640 180L560 470M720 200L610 478" stroke="${shade}" stroke-width="16" stroke-linecap="round"/>`,
  bottle: ([, , body, shade, accent]: Palette) => `
    <rect x="480" y="210" width="120" height="90" rx="16" fill="${shade}"/><path d="M490 300h100v90q90 40 90 150v250q0 60-60 60H460q-60 0-60-60V540q0-110 90-150z" fill="${body}"/>
    <path d="M590 300v90q90 40 90 150v250q0 60-60 60h-50q50-20 50-80V520q0-90-60-130v-90z" fill="${shade}" opacity=".5"/><rect x="430" y="560" width="220" height="170" rx="18" fill="#fffdf7"/><circle cx="540" cy="645" r="54" fill="${accent}"/>`,
  fruit: ([, , body, shade, accent]: Palette) => `
    <circle cx="430" cy="620" r="190" fill="${body}"/><circle cx="680" cy="650" r="170" fill="${shade}" opacity=".92"/><circle cx="370" cy="560" r="46" fill="#fffdf7" opacity=".35"/>
    <path d="M430 430c10-80 70-130 160-130c0 80-60 140-160 130z" fill="${accent}"/><path d="M430 440c-6-40-20-70-40-90" stroke="${accent}" stroke-width="18" fill="none" stroke-linecap="round"/><path d="M680 480c-4-30 4-56 20-76" stroke="${accent}" stroke-width="16" fill="none" stroke-linecap="round"/>`,
  cloth: ([, , body, shade, accent]: Palette) => `
    <path d="M420 300l-170 110l70 140l70-40v320h300V510l70 40l70-140l-170-110q-40 60-120 60t-120-60z" fill="${body}"/><path d="M600 350q50-10 60-50l170 110l-70 140l-70-40v320H560z" fill="${shade}" opacity=".4"/>
    <path d="M420 300q40 60 120 60t120-60" fill="none" stroke="${shade}" stroke-width="18"/><circle cx="470" cy="500" r="26" fill="${accent}"/>`,
  candle: ([, , body, shade, accent]: Palette) => `
    <path d="M540 220c50 70 70 100 70 140a70 70 0 0 1-140 0c0-40 20-70 70-140z" fill="${accent}"/><rect x="532" y="390" width="16" height="60" rx="8" fill="${shade}"/>
    <rect x="360" y="450" width="360" height="380" rx="40" fill="${body}"/><rect x="610" y="450" width="110" height="380" rx="40" fill="${shade}" opacity=".5"/><rect x="420" y="560" width="240" height="150" rx="16" fill="#fffdf7"/>`,
} satisfies Record<string, Draw>

export type Shape = keyof typeof SHAPES

/** A thing in a palette's colours, on a field of 1080 × 1080. */
export const thingSvg = (shape: Shape, palette: string): string => SHAPES[shape](PALETTES[palette] ?? PALETTES.stone!)

/** A picture of a thing as JPEG. `turn` varies it: the further pictures of a product. */
export async function drawPicture(shape: Shape, palette: string, turn = 0): Promise<Buffer> {
  const colours = PALETTES[palette] ?? PALETTES.stone!
  const [top, bottom, , shade, accent] = colours
  const scale = turn === 0 ? 1 : turn === 1 ? 1.28 : 0.62
  const place = `translate(${540 - 540 * scale} ${560 - 560 * scale}) scale(${scale})`
  const twin =
    turn === 2 ? `<g transform="translate(-170 130) scale(.62)" opacity=".95">${SHAPES[shape](colours)}</g>` : ''
  const px = turn === 0 ? FIRST_PX : FURTHER_PX
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${px}" height="${px}" viewBox="0 0 ${SIZE} ${SIZE}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>
    <rect width="${SIZE}" height="${SIZE}" fill="url(#g)"/><circle cx="${turn === 1 ? 220 : 860}" cy="220" r="150" fill="${accent}" opacity=".16"/>
    <circle cx="${turn === 1 ? 900 : 180}" cy="900" r="220" fill="#fff" opacity=".35"/><ellipse cx="540" cy="866" rx="${300 * scale}" ry="${34 * scale}" fill="${shade}" opacity=".22"/>
    <g transform="${place}${turn === 2 ? ' translate(190 0)' : ''}">${SHAPES[shape](colours)}</g>${twin}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer()
}
