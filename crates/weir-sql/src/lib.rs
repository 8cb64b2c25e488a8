//! DataFusion: file import by SQL mapping, ad-hoc SQL over the event table
