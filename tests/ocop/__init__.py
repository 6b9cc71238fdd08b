"""OCOP: rules, register, council, queues, pages, workbooks."""
