module weir.example/host

go 1.19
