fn main() {
    portique_frontend::start_client();
}
