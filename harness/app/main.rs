//! The `renkei` program. Everything it does is in the library beside it, so that tests reach it too.

fn main() -> std::process::ExitCode {
    renkei::main()
}
