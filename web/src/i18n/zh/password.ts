// 控制台的密码。

import type { password as en } from '../en/password'

export const password: Record<keyof typeof en, string> = {
  'settings.tab.password': '密码',
  'password.intro': '凭密码可在任何浏览器登录控制台。程序请使用 API 令牌。',
  'password.is_set': '已设置密码，设于 {time}。',
  'password.is_not_set': '尚未设置密码。首次登录链接只能用一次，登录会话 30 天后失效。',
  'password.current': '当前密码',
  'password.new': '新密码',
  'password.new_help': '至少 8 个字符，几个词连起来更好记。',
  'password.again': '再输一次新密码',
  'password.needs_current': '请输入现在的密码。',
  'password.too_short': '至少 8 个字符。',
  'password.differs': '两次输入不一致。',
  'password.ends_sessions': '其他浏览器都会退出登录。',
  'password.set': '设置密码',
  'password.change': '修改密码',
  'password.saved': '密码已设置。',
  'password.forgotten': '忘记了？在运行 Weir 的机器上执行：',
  'password.offer': '设置一个登录密码',
  'password.offer_help': '您进来的链接只能用一次。设置密码后，可在任何浏览器再次登录。',
  'password.later': '以后再说',
  'login.by.password': '密码',
  'login.by.token': '访问令牌',
  'login.by': '登录方式',
  'login.wrong_password': '密码不正确。',
  'login.password_empty': '请输入密码。',
  'login.password_help': '没有设置或忘记了密码？在运行 Weir 的机器上执行：',
}
