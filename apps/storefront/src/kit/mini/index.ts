export * from '../shared/index.ts'
export { Check, Input, Select, TextArea } from './fields.tsx'
export { Button, Image, Link, PhoneButton, QrCode, Seen, Tap, Text, View } from './primitives.tsx'
export { InfiniteList, NavBar, Sheet, SWIPER_SIZES, Swiper, TabBar } from './surfaces.tsx'
