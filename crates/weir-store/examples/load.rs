use std::sync::Arc;
use std::time::Instant;
use arrow::array::*;
use weir_store::event::*;
use weir_store::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let n: u64 = args[1].parse().unwrap();
    let random = args[2] == "random";
    let with_message = args[3] == "msg";
    let dir = std::path::PathBuf::from(&args[4]);
    let store = Store::open(&dir).unwrap();
    let ws = store.workspace("default").unwrap();
    let hwm = |what: &str| { let s = std::fs::read_to_string("/proc/self/status").unwrap();
        println!("{what}: {} {}", s.lines().find(|l| l.starts_with("VmHWM")).unwrap(), s.lines().find(|l| l.starts_with("VmRSS")).unwrap()); };
    let t = Instant::now();
    let mut c = ws.begin(ImportSpec{kind: ImportKind::Events, source: "s".into(), files: vec![], mapping: None}).unwrap();
    println!("begin {:?}", t.elapsed());
    let kinds = vec!["device".to_string(), "user_id".to_string()];
    let mut x: u64 = 88172645463325252;
    let mut rnd = move || { x ^= x << 13; x ^= x >> 7; x ^= x << 17; x };
    let mut done = 0u64;
    let t = Instant::now();
    let mut inside = std::time::Duration::ZERO;
    while done < n {
        let m = 8192.min(n - done) as usize;
        let mut times = vec![]; let mut days = vec![]; let mut beh = vec![]; let mut shop = vec![]; let mut amount = vec![]; let mut msg: Vec<Option<String>> = vec![]; let mut user = vec![]; let mut dev: Vec<Option<String>> = vec![]; let mut item = vec![];
        for i in 0..m {
            let pos = if random { rnd() % n } else { done + i as u64 };
            let time = 1_700_000_000_000_000i64 + (pos as f64 / n as f64 * 365.0 * 86400e6) as i64;
            times.push(time); days.push((time.div_euclid(86_400_000_000)) as i32);
            beh.push(["view","click","purchase","impression"][(rnd()%4) as usize]);
            shop.push(format!("shop{}", rnd()%20));
            item.push(format!("item{}", rnd()%5000));
            amount.push(if rnd()%4==0 { Some((rnd()%1_000_000) as i128) } else { None });
            msg.push(with_message.then(|| format!("m-{:016x}", rnd())));
            let u = rnd() % (n/20+1);
            user.push(format!("u{u}"));
            dev.push((rnd()%3==0).then(|| format!("d{}", u)));
        }
        let none: ArrayRef = Arc::new(StringArray::new_null(m));
        let s = |v: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(v)) };
        let cols: Vec<ArrayRef> = vec![
            Arc::new(TimestampMicrosecondArray::from(times).with_data_type(time_type())),
            Arc::new(Date32Array::from(days)),
            Arc::new(StringArray::from(beh)), none.clone(), s(shop), none.clone(), none.clone(), none.clone(), s(item), none.clone(),
            Arc::new(Decimal128Array::from(amount).with_data_type(amount_type())),
            Arc::new(Decimal128Array::from(vec![None::<i128>; m]).with_data_type(amount_type())),
            Arc::new(StringArray::from(msg)), none.clone(), Arc::new(StringArray::from(dev)), s(user)];
        let b = RecordBatch::try_new(incoming_schema(&kinds), cols).unwrap();
        let t1 = Instant::now();
        c.events(&b).unwrap();
        inside += t1.elapsed();
        done += m as u64;
    }
    println!("rows {:?} inside {:?}", t.elapsed(), inside);
    hwm("before finish");
    let t2 = Instant::now();
    let r = c.finish().unwrap();
    println!("finish {:?}; total {:?} = {:.0} rows/s; ledger {:?}", t2.elapsed(), t.elapsed(), n as f64 / t.elapsed().as_secs_f64(), (r.ledger.accepted, r.ledger.new_consumers));
    hwm("after finish");
    println!("files {}", ws.event_files().unwrap().len());
    let t = Instant::now();
    drop(ws.begin(ImportSpec{kind: ImportKind::Events, source: "s".into(), files: vec![], mapping: None}).unwrap());
    println!("begin again {:?}", t.elapsed());
    let t = Instant::now();
    println!("verify {:?} {:?}", ws.verify().unwrap().findings.len(), t.elapsed());
    hwm("end");
}
