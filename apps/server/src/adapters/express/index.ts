export { createKuaidi100 } from './kuaidi100.ts'
export { type Express, ExpressError, type Parcel, type ParcelEvent, type ParcelNews, type ParcelState } from './port.ts'
