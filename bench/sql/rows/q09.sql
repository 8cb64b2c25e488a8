SELECT count(*) FROM events WHERE behavior IN ('{start}', '{return}') AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
