fn main() {
    portique_frontend::start_sign_in();
}
