/// The façade that transports and the REST API call.
@NullMarked
package dev.pushgate.core.engine;

import org.jspecify.annotations.NullMarked;
