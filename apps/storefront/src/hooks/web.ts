export type { ComponentChildren as Children, JSX } from 'preact'
export { createContext, Fragment } from 'preact'
export { useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
