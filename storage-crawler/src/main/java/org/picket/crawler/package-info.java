/// The crawler beside a storage, put together.
package org.picket.crawler;
