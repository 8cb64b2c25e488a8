// A link that looks like a button: one stop for Tab, opens in a new tab like any link.

import { Button, type ButtonProps } from 'antd'
import type { MouseEvent } from 'react'
import { useNavigate } from 'react-router'

export function LinkButton({ to, ...props }: ButtonProps & { to: string }) {
  const navigate = useNavigate()
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    void navigate(to)
  }
  return <Button {...props} href={to} onClick={onClick} />
}
