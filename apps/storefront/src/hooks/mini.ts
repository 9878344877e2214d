import type { ReactNode } from 'react'

export type { JSX } from 'react'
export { createContext, Fragment, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from 'react'
export type Children = ReactNode
