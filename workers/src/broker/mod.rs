//! Messages in and out, over RabbitMQ.
